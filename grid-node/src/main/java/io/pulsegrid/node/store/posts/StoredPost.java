package io.pulsegrid.node.store.posts;

import io.pulsegrid.core.post.Post;
import io.pulsegrid.node.grid.wire.Revision;
import org.jspecify.annotations.Nullable;

/** A row of {@code post}: the post, its fingerprint, and which revision of it this is. */
public record StoredPost(Post post, @Nullable String fingerprint, Revision revision) {}
