-- When a channel's token is to be renewed; null where it cannot be, or need not until it is refused.
ALTER TABLE channel ADD COLUMN renew_at timestamptz;
-- While one node renews it: nothing is armed on the channel, and nobody else renews. It runs out by
-- itself, so that a node that dies is replaced.
ALTER TABLE channel ADD COLUMN renewing_until timestamptz;
-- When it was renewed because it had been refused; null where it was renewed in time since, or a
-- person gave the credentials.
ALTER TABLE channel ADD COLUMN rescued_at timestamptz;
CREATE INDEX channel_to_renew ON channel (renew_at) WHERE renew_at IS NOT NULL;
