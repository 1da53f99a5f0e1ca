-- What a person may ask for in SQL: views of a workspace's own rows, and nothing else. Each workspace
-- asks as a role of its own, which owns nothing and may read these views alone. A view finds the
-- workspace by session_user, which no statement of such a role can change; a setting could be.
CREATE TABLE query_reader (
  role      text PRIMARY KEY,
  workspace text NOT NULL REFERENCES workspace
);

CREATE SCHEMA asked;

CREATE VIEW asked.posts WITH (security_barrier) AS
  SELECT id, platform, native_id, url, author, title, text, lang, category, tags, likes, comments, shares, views,
    published_at, collected_at, source, duplicate_of, trend_id
  FROM post
  WHERE workspace = (SELECT r.workspace FROM query_reader r WHERE r.role = session_user::text)
    AND collected_at >= (SELECT posts FROM retention_floor);

CREATE VIEW asked.trends WITH (security_barrier) AS
  SELECT id, label, keywords, summary, state, score, post_count, platforms, first_seen, last_seen
  FROM trend
  WHERE workspace = (SELECT r.workspace FROM query_reader r WHERE r.role = session_user::text);

CREATE VIEW asked.channels WITH (security_barrier) AS
  SELECT id, platform, handle, zone, paused, created_at
  FROM channel
  WHERE workspace = (SELECT r.workspace FROM query_reader r WHERE r.role = session_user::text);

CREATE VIEW asked.deliveries WITH (security_barrier) AS
  SELECT id, scheduled_post, channel, platform, state, coalesce(asked_at, due_at) AS due_at, due_at AS next_try_at,
    expires_at, priority, attempts, remote_id, remote_url, last_error, created_at, changed_at
  FROM delivery
  WHERE workspace = (SELECT r.workspace FROM query_reader r WHERE r.role = session_user::text);

CREATE VIEW asked.attempts WITH (security_barrier) AS
  SELECT a.id, a.delivery, d.channel, d.platform, a.number, a.started_at, a.ended_at, a.outcome, a.http_status, a.detail
  FROM attempt a JOIN delivery d ON d.id = a.delivery
  WHERE d.workspace = (SELECT r.workspace FROM query_reader r WHERE r.role = session_user::text);

-- What people set for their channels, and what holds them back; what is used of a window is counted
-- in the grid, and told by GET /rate-limits.
CREATE VIEW asked.limits WITH (security_barrier) AS
  SELECT c.id AS channel, c.platform, l.action, l.window_seconds, l.most, b.until AS blocked_until, b.reason
  FROM channel c
    LEFT JOIN limit_rule l ON l.scope = 'channel:' || c.id
    LEFT JOIN limit_block b ON b.scope = 'channel:' || c.id
  WHERE c.workspace = (SELECT r.workspace FROM query_reader r WHERE r.role = session_user::text);
