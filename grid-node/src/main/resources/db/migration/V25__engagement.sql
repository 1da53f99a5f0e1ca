-- How the world answered posts as they grew older: collected ones by their id, our own by their
-- delivery's.
CREATE TABLE engagement (
  subject  text        NOT NULL,
  at       timestamptz NOT NULL,
  likes    bigint      NOT NULL,
  comments bigint      NOT NULL,
  shares   bigint      NOT NULL,
  views    bigint      NOT NULL,
  PRIMARY KEY (subject, at)
) PARTITION BY HASH (subject);

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE engagement_%s PARTITION OF engagement FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END
$$;

CREATE INDEX engagement_by_age ON engagement (at);

-- Posts still young enough to be asked about again. Gone with the last reading.
CREATE TABLE followed_post (
  subject       text        PRIMARY KEY,
  workspace     text        NOT NULL,
  platform      text        NOT NULL,
  native_id     text        NOT NULL,
  url           text,
  -- Whose address and credentials are asked with: a source for a collected post, a channel for one of ours.
  source        text,
  channel       text,
  published_at  timestamptz NOT NULL,
  next_at       timestamptz NOT NULL,
  -- The reading in progress: when its claim lapses, and the fence that its writes carry.
  claimed_until timestamptz,
  fence         bigint      NOT NULL DEFAULT 0,
  CHECK ((source IS NULL) <> (channel IS NULL))
);
CREATE INDEX followed_post_due ON followed_post (next_at);
CREATE INDEX followed_post_by_source ON followed_post (source, next_at) WHERE source IS NOT NULL;
CREATE INDEX followed_post_by_channel ON followed_post (channel, next_at) WHERE channel IS NOT NULL;

-- Up to when published deliveries have been looked through for posts to follow.
CREATE TABLE followed_deliveries (
  only_row boolean     NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
  until    timestamptz NOT NULL
);
INSERT INTO followed_deliveries (until) VALUES ('1970-01-01T00:00:00Z');
CREATE INDEX delivery_published ON delivery (changed_at) WHERE state = 'PUBLISHED';
