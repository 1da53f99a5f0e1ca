-- How each trend of two posts or more stood, whenever the clustering writer saved it: what the radar
-- showed then. Of a trend that was merged away the last row says so.
CREATE TABLE trend_snapshot (
  trend       text             NOT NULL,
  recorded_at timestamptz      NOT NULL DEFAULT now(),
  -- By the posts' own time: the latest of its posts and turns.
  event_at    timestamptz      NOT NULL,
  workspace   text             NOT NULL,
  gone        boolean          NOT NULL DEFAULT false,
  label       text             NOT NULL,
  keywords    text[]           NOT NULL,
  state       text             NOT NULL,
  score       double precision NOT NULL,
  post_count  bigint           NOT NULL,
  platforms   jsonb            NOT NULL,
  first_seen  timestamptz      NOT NULL,
  last_seen   timestamptz      NOT NULL,
  PRIMARY KEY (trend, recorded_at)
);
CREATE INDEX trend_snapshot_by_age ON trend_snapshot (recorded_at);
CREATE INDEX trend_snapshot_by_workspace ON trend_snapshot (workspace, recorded_at);

INSERT INTO trend_snapshot (trend, event_at, workspace, label, keywords, state, score, post_count,
  platforms, first_seen, last_seen)
SELECT id, last_seen, workspace, label, keywords, state, score, post_count, platforms, first_seen,
  last_seen
FROM trend WHERE post_count > 1;

-- Posts as they come, for webhooks that ask for them; streams are told by the grid itself.
CREATE FUNCTION tell_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox (id, workspace, subject, payload, sent)
  SELECT gen_random_uuid()::text, f.workspace, 'post', to_jsonb(f), true FROM fresh f
  WHERE EXISTS (SELECT FROM webhook w WHERE w.workspace = f.workspace AND 'post' = ANY (w.events));
  RETURN NULL;
END $$;
CREATE TRIGGER post_told AFTER INSERT ON post REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION tell_posts();
