-- The scopes of limits that are counted in the grid: one that is written here and not there was
-- lost with permits that nobody else remembers, and opens again only once those can no longer be used.
CREATE TABLE limit_scope (
  scope    text        PRIMARY KEY,
  begun_at timestamptz NOT NULL DEFAULT now()
);
