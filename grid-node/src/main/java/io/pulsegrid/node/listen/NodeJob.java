package io.pulsegrid.node.listen;

import org.apache.ignite.Ignite;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.jspecify.annotations.Nullable;

/** Work that is sent to the node where its data lives. */
abstract class NodeJob<R> implements IgniteCallable<R> {
  private static final long serialVersionUID = 1L;

  @IgniteInstanceResource private transient @Nullable Ignite ignite;

  @Override
  public final R call() throws Exception {
    Ignite here = ignite;
    if (here == null) {
      throw new IllegalStateException("a job runs on a grid node only");
    }
    return run(LocalNode.of(here));
  }

  abstract R run(LocalNode node) throws Exception;
}
