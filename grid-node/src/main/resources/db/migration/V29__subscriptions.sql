-- Who is told when a trend emerges, and of which.
CREATE TABLE subscription (
  id         text             PRIMARY KEY,
  workspace  text             NOT NULL REFERENCES workspace,
  keyword    text,
  query      text,
  platform   text,
  min_score  double precision NOT NULL,
  -- The one webhook that is told; null for the stream and whichever webhooks listen to alerts.
  webhook    text             REFERENCES webhook,
  -- The address that was given instead of a webhook's id; its webhook was made for it.
  address    text,
  created_at timestamptz      NOT NULL DEFAULT now()
);
CREATE INDEX subscription_by_age ON subscription (workspace, created_at, id);
CREATE INDEX subscription_by_webhook ON subscription (webhook) WHERE webhook IS NOT NULL;

-- A webhook without events of its own hears only what subscriptions have for it.
ALTER TABLE webhook DROP CONSTRAINT webhook_events_check;

-- Of which trend a subscription was told, and under which event: once, whoever finds it again.
CREATE TABLE subscription_told (
  subscription text        NOT NULL REFERENCES subscription ON DELETE CASCADE,
  trend        text        NOT NULL,
  event        text        NOT NULL UNIQUE DEFAULT gen_random_uuid()::text,
  at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subscription, trend)
);
CREATE INDEX subscription_told_by_trend ON subscription_told (trend);
CREATE INDEX subscription_told_by_age ON subscription_told (at);

-- Trends that rise and that subscriptions were not yet compared with: written with the trends,
-- taken away with what they told.
CREATE SEQUENCE trend_emergence_place;
CREATE TABLE trend_emergence (
  trend         text             PRIMARY KEY,
  workspace     text             NOT NULL,
  score         double precision NOT NULL,
  -- The trend as it stood where it was strongest since.
  payload       jsonb            NOT NULL,
  -- Another with each change: who looked at one takes away only what it saw.
  place         bigint           NOT NULL DEFAULT nextval('trend_emergence_place'),
  -- Until then somebody looks at it.
  claimed_until timestamptz      NOT NULL DEFAULT now()
);

ALTER TABLE alert DROP CONSTRAINT alert_kind_check;
ALTER TABLE alert ADD CONSTRAINT alert_kind_check CHECK (kind IN (
  'MISSED', 'FAILED', 'UNCONFIRMED', 'CHANNEL_PAUSED', 'WEBHOOK_PARKED', 'TREND_EMERGED'));
ALTER TABLE alert ADD COLUMN subscription text;
ALTER TABLE alert ADD COLUMN trend text;
CREATE INDEX alert_open_of_trend ON alert (trend) WHERE over_at IS NULL AND trend IS NOT NULL;
CREATE INDEX alert_open_of_subscription ON alert (subscription)
  WHERE over_at IS NULL AND subscription IS NOT NULL;

-- The only webhook that is given it, whatever others listen to; null for those that listen.
ALTER TABLE outbox ADD COLUMN webhook text;

CREATE OR REPLACE FUNCTION tell_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox (id, workspace, subject, payload, webhook)
  VALUES (NEW.id, NEW.workspace, 'alert', jsonb_build_object(
    'id', NEW.id, 'kind', NEW.kind, 'at', NEW.at, 'delivery', NEW.delivery,
    'scheduledPost', NEW.scheduled_post, 'channel', NEW.channel, 'webhook', NEW.webhook,
    'subscription', NEW.subscription, 'trend', NEW.trend,
    'subject', NEW.subject, 'reason', NEW.reason),
    (SELECT s.webhook FROM subscription s WHERE s.id = NEW.subscription));
  RETURN NULL;
END $$;
