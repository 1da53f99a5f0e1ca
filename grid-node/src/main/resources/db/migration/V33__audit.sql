-- Who changed what, and from where: written before the change, its outcome after.
CREATE TABLE audit (
  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at        timestamptz NOT NULL DEFAULT now(),
  -- No reference to workspace or key: what they did outlives them.
  workspace text        NOT NULL,
  key_id    text        NOT NULL,
  key_name  text        NOT NULL,
  origin    text        NOT NULL,
  method    text        NOT NULL,
  path      text        NOT NULL,
  -- As HTTP has it; null while it is under way, and for good where the node died meanwhile.
  status    int,
  subject   text        NOT NULL DEFAULT ''
);
CREATE INDEX audit_by_workspace ON audit (workspace, id);
CREATE INDEX audit_by_age ON audit (at);
