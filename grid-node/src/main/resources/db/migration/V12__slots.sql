-- A time may differ from channel to channel: told on each channel's own clock, or its next slot.

ALTER TABLE scheduled_post DROP CONSTRAINT scheduled_post_when_kind_check;
ALTER TABLE scheduled_post ADD CONSTRAINT scheduled_post_when_kind_check
  CHECK (when_kind IN ('now', 'at', 'local', 'channel-local', 'slot'));
-- [{"local":"2026-12-01T09:00","zone":"Europe/Paris","at":"...","adjustment":"NONE"}], one a channel
-- in their order; null where wall_clock, zone, instant and adjustment hold for all.
ALTER TABLE scheduled_post ADD COLUMN resolved_each jsonb;

-- The slot that a delivery holds, whatever becomes of the channel's slots afterwards.
ALTER TABLE delivery ADD COLUMN slot_at timestamptz;
-- Never two posts in one slot, whichever nodes give them out; what is cancelled frees its slot.
CREATE UNIQUE INDEX delivery_of_slot ON delivery (channel, slot_at)
  WHERE slot_at IS NOT NULL AND state <> 'CANCELLED';
