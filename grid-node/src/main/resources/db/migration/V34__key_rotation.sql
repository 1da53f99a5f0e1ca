-- Secrets that were replaced and still open, for callers that have not changed over.
CREATE TABLE former_token (
  token_hash bytea       PRIMARY KEY,
  key_id     text        NOT NULL REFERENCES api_key ON DELETE CASCADE,
  ends_at    timestamptz NOT NULL
);
CREATE INDEX former_token_by_key ON former_token (key_id);
