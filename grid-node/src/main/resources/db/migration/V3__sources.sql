-- The places that are collected again and again, and how far each has come.

CREATE TABLE source (
  id                text        PRIMARY KEY,
  workspace         text        NOT NULL REFERENCES workspace,
  kind              text        NOT NULL,
  url               text        NOT NULL,
  -- One of the two: an interval, or a Quartz cron expression in UTC.
  every_millis      bigint      CHECK (every_millis >= 1000),
  cron              text,
  priority          smallint    NOT NULL CHECK (priority BETWEEN 0 AND 9),

  -- Where collecting goes on; moved only once what was collected is stored.
  cursor            text,
  etag              text,
  last_modified     text,

  status            text        NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'FAILING', 'GONE')),
  failures          integer     NOT NULL DEFAULT 0,
  last_error        text,
  last_collected_at timestamptz,
  -- Left alone until then.
  not_before        timestamptz,

  -- The visit in progress: its slot, when its claim lapses, and the fence that its writes carry.
  claimed_slot      timestamptz,
  claimed_until     timestamptz,
  fence             bigint      NOT NULL DEFAULT 0,

  version           bigint      NOT NULL DEFAULT 1,
  created_at        timestamptz NOT NULL DEFAULT now(),
  CHECK ((every_millis IS NULL) <> (cron IS NULL))
);
CREATE INDEX source_by_age ON source (workspace, created_at, id);
