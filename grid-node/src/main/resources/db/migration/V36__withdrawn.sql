-- A delivery that a person cancelled while a call of it was in doubt: it is asked about, and never sent again.
ALTER TABLE delivery ADD COLUMN withdrawn boolean NOT NULL DEFAULT false;
