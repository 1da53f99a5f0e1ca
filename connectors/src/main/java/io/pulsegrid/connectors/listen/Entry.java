package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.post.IncomingPost;

/** One entry of an API's list, read. */
sealed interface Entry {
  /** What tells it from the others of its list. */
  String id();

  /**
   * An entry that is a post.
   *
   * @param whole whether all is known of it that the platform tells; if not, it is to be taken
   *     again
   */
  record Usable(IncomingPost post, boolean whole) implements Entry {
    @Override
    public String id() {
      return post.content().nativeId();
    }
  }

  /** An entry that never will be one, with the reason. */
  record Useless(String id, String reason) implements Entry {}
}
