package io.pulsegrid.node.wiring;

import io.pulsegrid.node.follow.EngagementFollower;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * Posts are followed from the moment the node can take posts until it begins to stop. Batches under
 * way then end with the visits; their claims lapse.
 */
final class FollowSwitch {
  private static final int EVERY_SECONDS = 5;

  private final EngagementFollower follower;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("follow").daemon().factory());

  FollowSwitch(EngagementFollower follower) {
    this.follower = follower;
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    Future<?> _ =
        timer.scheduleWithFixedDelay(follower, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  @EventListener(ContextClosedEvent.class)
  void stop() {
    timer.shutdownNow();
  }
}
