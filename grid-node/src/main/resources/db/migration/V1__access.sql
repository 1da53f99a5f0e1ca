-- Who may do what, on which channels, and what holds them back.

-- One row, made with the schema: its id is how a node knows that it meets the store its grid lives on.
CREATE TABLE installation (
  singleton      boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
  store_id       uuid        NOT NULL DEFAULT gen_random_uuid(),
  -- Fingerprint of the key that channel credentials are sealed with; null until the first node starts.
  credential_key text,
  created_at     timestamptz NOT NULL DEFAULT now()
);
INSERT INTO installation DEFAULT VALUES;

CREATE TABLE workspace (
  id         text        PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO workspace (id) VALUES ('default');

CREATE TABLE api_key (
  id         text        PRIMARY KEY,
  workspace  text        NOT NULL REFERENCES workspace,
  name       text        NOT NULL,
  scopes     text[]      NOT NULL CHECK (cardinality(scopes) > 0),
  -- SHA-256 of the token: 256 random bits need no slow hash, nobody can guess their way to one.
  token_hash bytea       NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX api_key_by_age ON api_key (workspace, created_at, id);

CREATE TABLE idempotency (
  workspace    text        NOT NULL REFERENCES workspace,
  key          text        NOT NULL,
  request_hash bytea       NOT NULL,
  -- Sealed with the credential key: the answer may show the token of a key just made.
  answer       bytea       NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE channel (
  id          text        PRIMARY KEY,
  workspace   text        NOT NULL REFERENCES workspace,
  platform    text        NOT NULL,
  handle      text        NOT NULL,
  base_url    text        NOT NULL,
  zone        text        NOT NULL,
  -- [{"day":"MON","time":"09:00"}]
  slots       jsonb       NOT NULL,
  paused      boolean     NOT NULL DEFAULT false,
  -- AES-256-GCM, bound to this row's id.
  credentials bytea       NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX channel_by_age ON channel (workspace, created_at, id);

-- One row: whether anything at all is armed.
CREATE TABLE queue_switch (
  singleton  boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
  paused     boolean     NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO queue_switch DEFAULT VALUES;

-- What a platform or a person said of a scope ('channel:<id>'); outlives the grid's copy.
CREATE TABLE limit_block (
  scope   text        PRIMARY KEY,
  until   timestamptz NOT NULL,
  reason  text        NOT NULL,
  set_at  timestamptz NOT NULL DEFAULT now()
);

-- Actions taken outside, which the platform counts and the ledger of attempts does not know.
CREATE TABLE limit_action (
  id       text        PRIMARY KEY,
  channel  text        NOT NULL REFERENCES channel ON DELETE CASCADE,
  action   text        NOT NULL,
  taken_at timestamptz NOT NULL
);
CREATE INDEX limit_action_by_channel ON limit_action (channel, action, taken_at);
CREATE INDEX limit_action_by_age ON limit_action (taken_at);
