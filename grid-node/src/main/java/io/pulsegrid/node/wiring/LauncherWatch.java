package io.pulsegrid.node.wiring;

import io.pulsegrid.node.config.NodeSettings;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/**
 * Stops the node when its standard input ends. The launcher holds the other end of it, so a
 * launcher that was killed leaves no node behind. A line on it says that the launcher stops all of
 * its nodes.
 */
final class LauncherWatch implements InitializingBean {
  private static final Logger log = LoggerFactory.getLogger(LauncherWatch.class);

  private final NodeSettings settings;
  private volatile boolean allStop;

  LauncherWatch(NodeSettings settings) {
    this.settings = settings;
  }

  @Override
  public void afterPropertiesSet() {
    if (settings.stopWithInput()) {
      Thread.ofPlatform().name("launcher-watch").daemon().start(this::watch);
    }
  }

  /** Whether this node's launcher stops, and every node of it: there is nobody to hand over to. */
  boolean allStop() {
    return allStop;
  }

  private void watch() {
    InputStream input = System.in;
    try {
      while (input.read() >= 0) {
        allStop = true;
      }
    } catch (IOException e) {
      log.warn("The launcher's end of the input broke", e);
    }
    allStop = true;
    log.info("The launcher is gone; this node stops");
    Runtime.getRuntime().exit(0);
  }
}
