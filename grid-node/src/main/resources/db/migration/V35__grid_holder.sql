-- While one node is the majority, two that cannot reach each other would both be it, each with rate counters of its own.
-- So that one says every second that it lives; another goes on only where it sees it, or has not heard of it for a while.
ALTER TABLE grid_size
  ADD COLUMN holder  text,
  ADD COLUMN held_at timestamptz;
