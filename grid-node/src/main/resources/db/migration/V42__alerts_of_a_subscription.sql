-- Whoever comes back to a subscription's stream is told what it missed from here.
CREATE INDEX alert_by_subscription ON alert (subscription, at, id) WHERE subscription IS NOT NULL;
DROP INDEX alert_open_of_subscription;
