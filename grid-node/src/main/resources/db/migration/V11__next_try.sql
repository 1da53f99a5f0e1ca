-- When a delivery was asked for, once its retries moved due_at, which says when it is tried next.
ALTER TABLE delivery ADD COLUMN asked_at timestamptz;
UPDATE delivery d SET asked_at = s.instant FROM scheduled_post s
  WHERE s.id = d.scheduled_post AND s.instant <> d.due_at;

CREATE OR REPLACE FUNCTION delivery_event(d delivery) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', d.id, 'workspace', d.workspace, 'scheduledPost', d.scheduled_post, 'channel', d.channel,
    'state', d.state, 'askedAt', coalesce(d.asked_at, d.due_at), 'dueAt', d.due_at,
    'attempts', d.attempts, 'remoteId', d.remote_id, 'remoteUrl', d.remote_url,
    'lastError', d.last_error, 'fence', d.fence)
$$;
