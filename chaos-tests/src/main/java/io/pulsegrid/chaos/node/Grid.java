package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * Several nodes of one grid, each in a JVM of its own, touched only from outside. Closing it ends
 * every process that it started.
 */
public interface Grid extends AutoCloseable {
  int size();

  /** Where a node answers, without a slash at the end. */
  URI url(int index);

  /** The REST face of a node, for the administrator. */
  Rest rest(int index);

  /**
   * The process of a node as it runs now.
   *
   * @throws IOException when no node can say
   */
  long pid(int index) throws IOException, InterruptedException;

  Store store();

  /** Where the stand-in platforms answer, as the nodes reach them. */
  URI platforms();

  /** What the launchers have printed. */
  List<String> said();

  /** Whether a node says that it is ready. */
  default boolean isReady(int index) throws InterruptedException {
    return Health.isReady(url(index));
  }

  @Override
  void close();
}
