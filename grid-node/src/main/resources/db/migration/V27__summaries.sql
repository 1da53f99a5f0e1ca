-- Summaries that a language model wrote, where one is asked for. What a trend shows is the text of
-- what it was last written from; without one it shows its own sentences.
CREATE TABLE summary_text (
  -- Of model and material: the same posts are never paid for twice.
  content_hash text        PRIMARY KEY,
  model        text        NOT NULL,
  text         text        NOT NULL,
  tokens       bigint      NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX summary_text_by_age ON summary_text (made_at);

CREATE TABLE trend_summary (
  trend_id      text        PRIMARY KEY,
  workspace     text        NOT NULL,
  -- Null until there is one.
  content_hash  text,
  -- How large the trend was then: it is summed up anew once it is twice that.
  posts         bigint      NOT NULL DEFAULT 0,
  failures      int         NOT NULL DEFAULT 0,
  -- Until then it is somebody's, or rests after a failure; a writer that dies leaves no more.
  claimed_until timestamptz NOT NULL
);

-- What the day's calls took in tokens; reserved before each call, put right after it.
CREATE TABLE summary_spend (
  day    date   PRIMARY KEY,
  tokens bigint NOT NULL
);
