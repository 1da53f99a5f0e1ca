-- What a trend's state and score rest on, and its forecast follows from. Null for a trend that was
-- told before.
ALTER TABLE trend ADD COLUMN evidence jsonb;
