package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.hackernews.HackerNewsCollector;
import io.pulsegrid.connectors.listen.Collectors;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.access.SourceSecrets;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.config.SourceSettings;
import io.pulsegrid.node.follow.Askers;
import io.pulsegrid.node.follow.EngagementFollower;
import io.pulsegrid.node.follow.FollowMeters;
import io.pulsegrid.node.follow.FollowStart;
import io.pulsegrid.node.follow.PostNews;
import io.pulsegrid.node.store.PostgresClock;
import io.pulsegrid.node.store.engagement.StoredFollows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Posts that are asked about again. */
@Configuration(proxyBeanMethods = false)
class FollowWiring {
  private static List<EngagementReader> readers(Collectors apis, HackerNewsCollector hackerNews) {
    List<EngagementReader> readers = new ArrayList<>(apis.readers());
    readers.add(hackerNews);
    return readers;
  }

  private static Function<String, Duration> follow(LiveConfig live) {
    return platform ->
        live.sources()
            .kind(platform)
            .map(SourceSettings.Kind::follow)
            .orElse(SourceSettings.Kind.FOLLOW);
  }

  @Bean
  FollowStart followStart(
      StoredFollows ledger,
      Collectors apis,
      HackerNewsCollector hackerNews,
      LiveConfig live,
      PostgresClock clock) {
    return new FollowStart(
        ledger,
        Set.copyOf(readers(apis, hackerNews).stream().map(EngagementReader::platform).toList()),
        follow(live),
        clock);
  }

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
            ledger, askers, news, follow(live), collecting, clock, new FollowMeters(meters)),
        readers(apis, hackerNews));
  }
}
