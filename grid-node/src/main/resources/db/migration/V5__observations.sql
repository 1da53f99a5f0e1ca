-- What the world said. The grid is where these live and are worked on; rows here are written behind
-- it, and are what an acknowledgement means.

CREATE SEQUENCE incarnation;

CREATE TABLE post (
  id            text     NOT NULL,
  bucket        smallint NOT NULL,
  workspace     text     NOT NULL,
  platform      text     NOT NULL,
  native_id     text     NOT NULL,
  url           text,
  author        text,
  title         text,
  text          text,
  lang          text,
  category      text,
  tags          text[]   NOT NULL,
  likes         bigint   NOT NULL,
  comments      bigint   NOT NULL,
  shares        bigint   NOT NULL,
  views         bigint   NOT NULL,
  published_at  timestamptz NOT NULL,
  collected_at  timestamptz NOT NULL,
  source        text,
  fingerprint   text,
  duplicate_of  text,
  trend_id      text,
  stage         smallint NOT NULL,
  sequence      bigint   NOT NULL,
  epoch         bigint   NOT NULL,
  number        bigint   NOT NULL,
  PRIMARY KEY (id)
) PARTITION BY HASH (id);

COMMENT ON COLUMN post.stage IS '0 collected, 1 embedded, 2 indexed, 3 clustered; what the grid derived since may be ahead';
COMMENT ON COLUMN post.epoch IS 'with number: which of two copies is the later one';
COMMENT ON COLUMN post.bucket IS 'the first ten bits of the id: the unit in which grid, store and index are compared';

CREATE TABLE post_vector (
  post_id  text   NOT NULL,
  bucket   smallint NOT NULL,
  model    text   NOT NULL,
  vector   bytea  NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (post_id)
) PARTITION BY HASH (post_id);

COMMENT ON COLUMN post_vector.vector IS 'float32, little-endian, of unit length';

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    -- Rows are updated a few times while young: room in the page keeps the updates off the indexes.
    EXECUTE format('CREATE TABLE post_%s PARTITION OF post FOR VALUES WITH (MODULUS 8, REMAINDER %s) WITH (fillfactor = 70)', i, i);
    EXECUTE format('CREATE TABLE post_vector_%s PARTITION OF post_vector FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('ALTER TABLE post_vector_%s ALTER COLUMN vector SET STORAGE EXTERNAL', i);
  END LOOP;
END
$$;

CREATE INDEX post_by_time ON post (workspace, published_at DESC, id);
CREATE INDEX post_by_trend ON post (workspace, trend_id, published_at DESC, id) WHERE trend_id IS NOT NULL;
CREATE INDEX post_by_collection ON post (collected_at);

-- A row that Postgres refuses, kept aside so that the others go in.
CREATE TABLE parked_post (
  id        text NOT NULL,
  workspace text NOT NULL,
  reason    text NOT NULL,
  content   bytea NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id)
);

CREATE TABLE trend (
  id          text   NOT NULL PRIMARY KEY,
  workspace   text   NOT NULL,
  label       text   NOT NULL,
  keywords    text[] NOT NULL,
  summary     text   NOT NULL,
  state       text   NOT NULL,
  score       double precision NOT NULL,
  post_count  bigint NOT NULL,
  platforms   jsonb  NOT NULL,
  first_seen  timestamptz NOT NULL,
  last_seen   timestamptz NOT NULL,
  history     jsonb  NOT NULL,
  working     bytea  NOT NULL,
  touched_at  timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN trend.working IS 'what the clusterer needs to go on as if it had never stopped';

CREATE INDEX trend_by_score ON trend (workspace, score DESC, post_count DESC, id);
CREATE INDEX trend_by_age ON trend (touched_at);

CREATE TABLE trend_alias (
  alias    text NOT NULL PRIMARY KEY,
  trend_id text NOT NULL
);

CREATE INDEX trend_alias_by_trend ON trend_alias (trend_id);

-- Where clustering goes on. One row a workspace, written in one transaction with its trends, and
-- only by the writer with the highest epoch. Trends made from one model's vectors are not gone on
-- with by another's.
CREATE TABLE cluster_checkpoint (
  workspace     text   NOT NULL PRIMARY KEY,
  model         text   NOT NULL,
  writer_epoch  bigint NOT NULL,
  last_sequence bigint NOT NULL
);

-- Posts collected before the floor are gone: raised first, deleted after, respected everywhere.
CREATE TABLE retention_floor (
  only_row  boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
  posts     timestamptz NOT NULL
);

INSERT INTO retention_floor (posts) VALUES ('1970-01-01T00:00:00Z');
