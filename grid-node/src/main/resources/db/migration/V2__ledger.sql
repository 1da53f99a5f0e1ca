-- What people asked for, what we did in their name, and what of it is still to be told.

CREATE TABLE scheduled_post (
  id                    text        PRIMARY KEY,
  workspace             text        NOT NULL REFERENCES workspace,
  text                  text        NOT NULL,
  -- {"mastodon":"the text there"}
  variants              jsonb       NOT NULL DEFAULT '{}',
  -- In the order a person named them.
  channels              text[]      NOT NULL CHECK (cardinality(channels) > 0),
  -- now | at | local: what was asked for; the wall clock, its zone and what it came to stay beside it.
  when_kind             text        NOT NULL CHECK (when_kind IN ('now', 'at', 'local')),
  wall_clock            timestamp   NOT NULL,
  zone                  text        NOT NULL,
  instant               timestamptz NOT NULL,
  adjustment            text        NOT NULL CHECK (adjustment IN ('NONE', 'GAP', 'OVERLAP')),
  priority              smallint    NOT NULL CHECK (priority BETWEEN 0 AND 9),
  expires_after_seconds bigint      NOT NULL CHECK (expires_after_seconds > 0),
  version               bigint      NOT NULL DEFAULT 1,
  created_at            timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX scheduled_post_by_age ON scheduled_post (workspace, created_at DESC, id DESC);

-- One scheduled post on one channel. Every change raises its fence, and every writer that acts on
-- what it read before names the fence it read: of two, one finds nothing to change.
CREATE TABLE delivery (
  id              text        PRIMARY KEY,
  workspace       text        NOT NULL,
  scheduled_post  text        NOT NULL REFERENCES scheduled_post,
  channel         text        NOT NULL,
  platform        text        NOT NULL,
  state           text        NOT NULL CHECK (state IN (
    'DRAFT', 'AWAITING_APPROVAL', 'SCHEDULED', 'ARMED', 'RETRY', 'UNCONFIRMED',
    'PUBLISHED', 'FAILED', 'CANCELLED', 'MISSED')),
  due_at          timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL,
  priority        smallint    NOT NULL,
  attempts        int         NOT NULL DEFAULT 0,
  fence           bigint      NOT NULL DEFAULT 1,
  -- The latest arm: who may call, and until when a call can still be running.
  arm_token       text,
  armed_at        timestamptz,
  lease_until     timestamptz,
  armed_by        text,
  -- Given once, sent with every call of this delivery's life.
  idempotency_key text        NOT NULL,
  -- A call of which nobody knows whether it took effect; see core's Doubt.
  doubt_since     timestamptz,
  resend_until    timestamptz,
  probes          int         NOT NULL DEFAULT 0,
  next_probe_at   timestamptz,
  remote_id       text,
  remote_url      text,
  last_error      text,
  -- How many entries its story in attempt has; not a change of the delivery, raises no fence.
  entries         int         NOT NULL DEFAULT 0,
  -- The event that changed it last, so that a statement repeated after a lost reply finds its work done.
  last_event      text        NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  changed_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (channel, remote_id),
  CHECK (state <> 'ARMED' OR (arm_token IS NOT NULL AND lease_until IS NOT NULL)),
  CHECK (state <> 'UNCONFIRMED' OR doubt_since IS NOT NULL)
);
-- The due query and the sweeps, each as small as what is waiting.
CREATE INDEX delivery_waiting_by_channel ON delivery (channel, due_at, id) WHERE state IN ('SCHEDULED', 'RETRY');
CREATE INDEX delivery_waiting ON delivery (due_at) WHERE state IN ('SCHEDULED', 'RETRY');
CREATE INDEX delivery_expiring ON delivery (expires_at) WHERE state IN ('SCHEDULED', 'RETRY');
CREATE INDEX delivery_resendable ON delivery (resend_until) WHERE state IN ('SCHEDULED', 'RETRY') AND doubt_since IS NOT NULL;
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state = 'ARMED';
CREATE INDEX delivery_doubtful ON delivery (next_probe_at) WHERE state = 'UNCONFIRMED';
-- One live delivery a post and channel; what an edit took off a channel stays as CANCELLED.
CREATE UNIQUE INDEX delivery_of_post ON delivery (scheduled_post, channel) WHERE state <> 'CANCELLED';
CREATE INDEX delivery_by_post ON delivery (scheduled_post);
-- What people list and count.
CREATE INDEX delivery_by_due ON delivery (workspace, due_at, id);
CREATE INDEX delivery_by_state ON delivery (workspace, state, due_at, id);

-- A delivery as those who are told of it see it.
CREATE FUNCTION delivery_event(d delivery) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', d.id, 'workspace', d.workspace, 'scheduledPost', d.scheduled_post, 'channel', d.channel,
    'state', d.state, 'dueAt', d.due_at, 'attempts', d.attempts, 'remoteId', d.remote_id,
    'remoteUrl', d.remote_url, 'lastError', d.last_error, 'fence', d.fence)
$$;

-- The story of a delivery, entry by entry; appended, never changed. The id is given before the write.
CREATE TABLE attempt (
  id          text        PRIMARY KEY,
  delivery    text        NOT NULL REFERENCES delivery,
  number      int         NOT NULL,
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz NOT NULL,
  node        text        NOT NULL,
  fence       bigint      NOT NULL,
  -- accepted, rejected, throttled, unauthorized, transient, ambiguous, uncalled: ends of an arm;
  -- probed, swept, confirmed, redriven, cancelled: learnt or decided without a call.
  outcome     text        NOT NULL,
  http_status int         NOT NULL DEFAULT 0,
  detail      text        NOT NULL,
  next_step   text        NOT NULL,
  UNIQUE (delivery, number)
);

-- What is still to be told, in the order it was committed as near as several writers allow.
CREATE TABLE outbox (
  -- The event's id, the same however often it is told.
  id        text        PRIMARY KEY,
  seq       bigint      GENERATED ALWAYS AS IDENTITY,
  workspace text        NOT NULL,
  subject   text        NOT NULL,
  at        timestamptz NOT NULL DEFAULT now(),
  -- The delivery as it stood then.
  payload   jsonb       NOT NULL,
  sent      boolean     NOT NULL DEFAULT false
);
CREATE INDEX outbox_unsent ON outbox (seq) WHERE NOT sent;
CREATE INDEX outbox_by_age ON outbox (at) WHERE sent;
