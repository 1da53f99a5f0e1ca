-- What went wrong and may want a person. The triggers below write it, so that whatever statement
-- moves a delivery, pauses a channel or parks a webhook, its alert is committed with it or not at all.
CREATE TABLE alert (
  -- That of the event it is told under.
  id             text        PRIMARY KEY DEFAULT gen_random_uuid()::text,
  workspace      text        NOT NULL,
  kind           text        NOT NULL CHECK (kind IN (
    'MISSED', 'FAILED', 'UNCONFIRMED', 'CHANNEL_PAUSED', 'WEBHOOK_PARKED')),
  at             timestamptz NOT NULL DEFAULT now(),
  delivery       text,
  scheduled_post text,
  channel        text,
  webhook        text,
  -- Whom it concerns, in words; the channel may be gone when somebody reads it.
  subject        text        NOT NULL,
  reason         text        NOT NULL,
  -- When it was no longer so.
  over_at        timestamptz
);
CREATE INDEX alert_by_workspace ON alert (workspace, at DESC, id DESC);
CREATE INDEX alert_by_age ON alert (at);
CREATE INDEX alert_open_of_delivery ON alert (delivery) WHERE over_at IS NULL AND delivery IS NOT NULL;
CREATE INDEX alert_open_of_channel ON alert (channel) WHERE over_at IS NULL AND kind = 'CHANNEL_PAUSED';
CREATE INDEX alert_open_of_webhook ON alert (webhook) WHERE over_at IS NULL AND webhook IS NOT NULL;

CREATE FUNCTION tell_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox (id, workspace, subject, payload)
  VALUES (NEW.id, NEW.workspace, 'alert', jsonb_build_object(
    'id', NEW.id, 'kind', NEW.kind, 'at', NEW.at, 'delivery', NEW.delivery,
    'scheduledPost', NEW.scheduled_post, 'channel', NEW.channel, 'webhook', NEW.webhook,
    'subject', NEW.subject, 'reason', NEW.reason));
  RETURN NULL;
END $$;
CREATE TRIGGER alert_told AFTER INSERT ON alert FOR EACH ROW EXECUTE FUNCTION tell_alert();

CREATE FUNCTION alert_of_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE alert SET over_at = now() WHERE delivery = NEW.id AND over_at IS NULL;
  IF NEW.state IN ('MISSED', 'FAILED', 'UNCONFIRMED') THEN
    INSERT INTO alert (workspace, kind, delivery, scheduled_post, channel, subject, reason)
    VALUES (NEW.workspace, NEW.state, NEW.id, NEW.scheduled_post, NEW.channel,
      coalesce((SELECT c.handle FROM channel c WHERE c.id = NEW.channel), 'a channel that is gone')
        || ' on ' || NEW.platform,
      coalesce(NEW.last_error, ''));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER delivery_alerts AFTER UPDATE OF state ON delivery FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND (NEW.state IN ('MISSED', 'FAILED', 'UNCONFIRMED')
    OR OLD.state IN ('MISSED', 'FAILED', 'UNCONFIRMED')))
  EXECUTE FUNCTION alert_of_delivery();

-- Why a channel is paused, where not by a person's wish.
ALTER TABLE channel ADD COLUMN pause_reason text;

CREATE FUNCTION alert_of_channel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.paused THEN
    INSERT INTO alert (workspace, kind, channel, subject, reason)
    VALUES (NEW.workspace, 'CHANNEL_PAUSED', NEW.id, NEW.handle || ' on ' || NEW.platform, NEW.pause_reason);
  ELSE
    UPDATE alert SET over_at = now()
    WHERE channel = OLD.id AND kind = 'CHANNEL_PAUSED' AND over_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER channel_alerts AFTER UPDATE OF paused ON channel FOR EACH ROW
  WHEN (OLD.paused <> NEW.paused AND (NOT NEW.paused OR NEW.pause_reason IS NOT NULL))
  EXECUTE FUNCTION alert_of_channel();
CREATE TRIGGER channel_gone AFTER DELETE ON channel FOR EACH ROW
  WHEN (OLD.paused) EXECUTE FUNCTION alert_of_channel();

-- Who is told by a call to an address.
CREATE TABLE webhook (
  id          text        PRIMARY KEY,
  workspace   text        NOT NULL REFERENCES workspace,
  url         text        NOT NULL,
  -- Of the outbox's subjects.
  events      text[]      NOT NULL CHECK (cardinality(events) > 0),
  -- Sealed as channels' credentials are, bound to this row's id.
  secret      bytea       NOT NULL,
  -- What was committed before this place of the outbox is not its business.
  since       bigint      NOT NULL,
  -- Of the latest message that it has.
  last_number bigint      NOT NULL DEFAULT 0,
  -- Rounds in a row in which it took nothing, and when the next may begin.
  failures    int         NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT now(),
  taken_at    timestamptz,
  last_error  text,
  parked_at   timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_by_age ON webhook (workspace, created_at, id);

-- What a webhook has not taken yet. Numbers rise by one: what is taken is deleted here.
CREATE TABLE webhook_message (
  webhook     text        NOT NULL REFERENCES webhook ON DELETE CASCADE,
  number      bigint      NOT NULL,
  -- The event's id, the same however often it is sent.
  event       text        NOT NULL,
  subject     text        NOT NULL,
  -- The resource: of one the next is sent only when the one before is taken.
  about       text        NOT NULL,
  at          timestamptz NOT NULL,
  payload     jsonb       NOT NULL,
  attempts    int         NOT NULL DEFAULT 0,
  -- While somebody sends it: until when it is nobody else's.
  next_try_at timestamptz NOT NULL DEFAULT now(),
  claim       text,
  PRIMARY KEY (webhook, number)
);
CREATE INDEX webhook_message_about ON webhook_message (webhook, about, number);
CREATE INDEX webhook_message_by_age ON webhook_message (at);

CREATE FUNCTION alert_of_webhook() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.parked_at IS NOT NULL THEN
    INSERT INTO alert (workspace, kind, webhook, subject, reason)
    VALUES (NEW.workspace, 'WEBHOOK_PARKED', NEW.id, NEW.url, coalesce(NEW.last_error, ''));
  ELSE
    UPDATE alert SET over_at = now() WHERE webhook = OLD.id AND over_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER webhook_alerts AFTER UPDATE OF parked_at ON webhook FOR EACH ROW
  WHEN ((OLD.parked_at IS NULL) <> (NEW.parked_at IS NULL)) EXECUTE FUNCTION alert_of_webhook();
CREATE TRIGGER webhook_gone AFTER DELETE ON webhook FOR EACH ROW
  WHEN (OLD.parked_at IS NOT NULL) EXECUTE FUNCTION alert_of_webhook();

-- Whether webhooks were given it; not asked for where there is no webhook.
ALTER TABLE outbox ADD COLUMN fanned boolean NOT NULL DEFAULT false;
CREATE INDEX outbox_unfanned ON outbox (seq) WHERE NOT fanned;
