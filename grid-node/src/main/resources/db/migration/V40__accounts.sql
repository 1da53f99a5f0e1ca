-- Whose account a channel's credentials open, as its platform says: NULL until it was asked. An account
-- has one channel, whatever the workspace: two would each be given the whole of its limits.
ALTER TABLE channel ADD COLUMN account text;
CREATE UNIQUE INDEX channel_by_account ON channel (platform, account);

-- When its platform is to be asked; NULL once it has answered.
ALTER TABLE channel ADD COLUMN identify_at timestamptz DEFAULT now();
CREATE INDEX channel_to_identify ON channel (identify_at) WHERE identify_at IS NOT NULL;
