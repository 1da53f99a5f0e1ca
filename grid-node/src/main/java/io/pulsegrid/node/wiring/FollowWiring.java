package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.hackernews.HackerNewsCollector;
import io.pulsegrid.connectors.listen.Collectors;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.access.SourceSecrets;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.follow.Askers;
import io.pulsegrid.node.follow.EngagementFollower;
import io.pulsegrid.node.follow.FollowMeters;
import io.pulsegrid.node.follow.PostNews;
import io.pulsegrid.node.store.PostgresClock;
import io.pulsegrid.node.store.engagement.StoredFollows;
import java.util.concurrent.ExecutorService;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Posts that are asked about again. */
@Configuration(proxyBeanMethods = false)
class FollowWiring {
  @Bean
  PostNews postNews(Posts posts, Intake intake) {
    return new PostNews(posts, intake);
  }

  @Bean
  Askers askers(SourceSecrets sources, ChannelSecrets channels) {
    return new Askers(sources, channels);
  }

  @Bean
  FollowSwitch followSwitch(EngagementFollower follower) {
    return new FollowSwitch(follower);
  }

  @Bean
  EngagementFollower engagementFollower(
      StoredFollows ledger,
      Askers askers,
      PostNews news,
      LiveConfig live,
      PostgresClock clock,
      MeterRegistry meters,
      @Qualifier("collecting") ExecutorService collecting,
      Collectors apis,
      HackerNewsCollector hackerNews) {
    return new EngagementFollower(
        new EngagementFollower.Parts(
            ledger,
            askers,
            news,
            ReadingWiring.follow(live),
            collecting,
            clock,
            new FollowMeters(meters)),
        ReadingWiring.readers(apis, hackerNews));
  }
}
