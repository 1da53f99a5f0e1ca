-- What limits are begun again from when the grid does not have them: a channel's latest calls, and
-- those of a whole platform.
CREATE INDEX delivery_by_change ON delivery (channel, changed_at);
CREATE INDEX attempt_by_end ON attempt (ended_at);
