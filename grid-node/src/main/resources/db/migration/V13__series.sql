-- Posts that come again and again.

CREATE TABLE series (
  id                    text        PRIMARY KEY,
  workspace             text        NOT NULL REFERENCES workspace,
  text                  text        NOT NULL,
  variants              jsonb       NOT NULL DEFAULT '{}',
  channels              text[]      NOT NULL CHECK (cardinality(channels) > 0),
  -- Where the rule begins, on the wall of zone; without one, on that of each channel.
  first_at              timestamp   NOT NULL,
  zone                  text,
  -- The value of an RRULE of RFC 5545.
  rule                  text        NOT NULL,
  priority              smallint    NOT NULL CHECK (priority BETWEEN 0 AND 9),
  expires_after_seconds bigint      NOT NULL CHECK (expires_after_seconds > 0),
  -- Everything until then, on that wall, is written as posts.
  written_until         timestamp   NOT NULL,
  ended                 boolean     NOT NULL DEFAULT false,
  last_error            text,
  version               bigint      NOT NULL DEFAULT 1,
  created_at            timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX series_by_age ON series (workspace, created_at, id);
CREATE INDEX series_to_write ON series (written_until) WHERE NOT ended;

-- Which occurrence a post is; null once its series no longer has it.
ALTER TABLE scheduled_post ADD COLUMN series text REFERENCES series;
ALTER TABLE scheduled_post ADD COLUMN occurrence timestamp;
-- Each occurrence is written once, whichever nodes write it.
CREATE UNIQUE INDEX scheduled_post_of_series ON scheduled_post (series, occurrence)
  WHERE occurrence IS NOT NULL;
