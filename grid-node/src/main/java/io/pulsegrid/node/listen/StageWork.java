package io.pulsegrid.node.listen;

/** One kind of work on the posts of this node, done in batches by a thread of its own. */
public interface StageWork {
  /** What the work is called in logs and metrics. */
  String name();

  /**
   * Does one batch.
   *
   * @return whether there is probably more to do at once
   * @throws Exception when the batch could not be done; it stays in its queue and is tried again
   */
  boolean work() throws Exception;
}
