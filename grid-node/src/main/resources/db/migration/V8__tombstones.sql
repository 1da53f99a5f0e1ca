-- What deleted posts leave for a week: a late write of a node that was cut off, of a revision not
-- later than this one, brings nothing back.
CREATE TABLE post_tombstone (
  id         text   NOT NULL PRIMARY KEY,
  epoch      bigint NOT NULL,
  number     bigint NOT NULL,
  deleted_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX post_tombstone_by_age ON post_tombstone (deleted_at);
