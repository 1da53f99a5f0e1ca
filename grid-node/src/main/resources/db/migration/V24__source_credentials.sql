-- What opens a source, sealed as channels' credentials are; null for one that is open to all.
ALTER TABLE source ADD COLUMN credentials bytea;

-- What has been asked of a platform's API in one name, so that all nodes together keep its limits.
CREATE TABLE read_quota (
  -- Kind of source, limit and whoever is counted.
  scope         text        PRIMARY KEY,
  -- Sliding windows as core's SlidingWindow snapshots them; null before the first call.
  windows       bytea,
  blocked_until timestamptz,
  reason        text,
  touched_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX read_quota_by_age ON read_quota (touched_at);

-- Tells the calls of a window apart.
CREATE SEQUENCE read_permit;
