-- The near-duplicates of a post, newest first; most posts are none and are not in it.
CREATE INDEX post_by_original ON post (workspace, duplicate_of, published_at DESC, id) WHERE duplicate_of IS NOT NULL;
