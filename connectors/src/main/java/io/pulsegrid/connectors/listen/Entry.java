package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.post.IncomingPost;

/** One entry of an API's list, read. */
sealed interface Entry {
  /** What tells it from the others of its list. */
  String id();

  /** An entry that is a post. */
  record Usable(IncomingPost post) implements Entry {
    @Override
    public String id() {
      return post.content().nativeId();
    }
  }

  /** An entry that never will be one, with the reason. */
  record Useless(String id, String reason) implements Entry {}
}
