-- Windows of limits that people set for a channel, or for a platform's app, in place of the settings.
CREATE TABLE limit_rule (
  scope          text        NOT NULL,
  action         text        NOT NULL,
  window_seconds bigint      NOT NULL CHECK (window_seconds BETWEEN 1 AND 2678400),
  most           int         NOT NULL CHECK (most BETWEEN 1 AND 1000000),
  changed_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, action, window_seconds)
);

-- Rises with whatever people change of limits; every node looks at it and reads anew.
CREATE TABLE limit_version (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint  NOT NULL
);

INSERT INTO limit_version (version) VALUES (1);
