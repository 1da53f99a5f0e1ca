-- How many nodes the grid should have. Writes need the majority of them, so this row is what keeps two halves of a cut
-- grid from both going on.

-- One row. Raised when a node more joins, lowered only by a drain; each change names the version that it has seen.
CREATE TABLE grid_size (
  singleton  boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
  expected   integer     NOT NULL DEFAULT 1 CHECK (expected BETWEEN 1 AND 1000),
  version    bigint      NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO grid_size DEFAULT VALUES;
