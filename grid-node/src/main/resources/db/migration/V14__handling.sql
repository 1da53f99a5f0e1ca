-- Platforms on which nothing is armed, whatever their channels say.
CREATE TABLE platform_pause (
  platform text        PRIMARY KEY,
  since    timestamptz NOT NULL DEFAULT now()
);

-- How many calls to a platform may run at once on each node, where a person said so.
CREATE TABLE platform_workers (
  platform    text        PRIMARY KEY,
  concurrency int         NOT NULL CHECK (concurrency BETWEEN 1 AND 1000),
  changed_at  timestamptz NOT NULL DEFAULT now()
);

-- To find what says the same.
CREATE INDEX scheduled_post_by_text ON scheduled_post (workspace, md5(text));
