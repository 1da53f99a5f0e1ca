-- What the peers of bench publish work on: no more than the work needs, and no index beside the keys.

CREATE TABLE peer_delivery (
  id         text        PRIMARY KEY,
  channel    text        NOT NULL,
  text       text        NOT NULL,
  due_at     timestamptz NOT NULL,
  state      text        NOT NULL DEFAULT 'SCHEDULED',
  attempts   int         NOT NULL DEFAULT 0,
  remote_id  text,
  settled_at timestamptz
);

CREATE TABLE peer_attempt (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery    text        NOT NULL,
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz NOT NULL,
  node        text        NOT NULL,
  outcome     text        NOT NULL,
  http_status int         NOT NULL
);

-- A token bucket a channel: one row, one statement a permit.
CREATE TABLE peer_permit (
  channel    text             PRIMARY KEY,
  tokens     double precision NOT NULL,
  burst      double precision NOT NULL,
  per_second double precision NOT NULL,
  at         timestamptz      NOT NULL DEFAULT now()
);

-- db-scheduler's own table, as its postgresql_tables.sql makes it; without the index that only priorities need.
CREATE TABLE scheduled_tasks (
  task_name            text        NOT NULL,
  task_instance        text        NOT NULL,
  task_data            bytea,
  execution_time       timestamptz NOT NULL,
  picked               boolean     NOT NULL,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures int,
  last_heartbeat       timestamptz,
  version              bigint      NOT NULL,
  priority             smallint,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
