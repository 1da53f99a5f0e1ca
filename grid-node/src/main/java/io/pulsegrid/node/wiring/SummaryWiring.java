package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.llm.ChatCompletions;
import io.pulsegrid.core.trend.Trends;
import io.pulsegrid.node.config.SummarySettings;
import io.pulsegrid.node.listen.GridTrends;
import io.pulsegrid.node.listen.StageRunner;
import io.pulsegrid.node.store.posts.SummaryStore;
import io.pulsegrid.node.summary.SummarizedTrends;
import io.pulsegrid.node.summary.TrendSummaries;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Primary;

/** Summaries of trends by a language model, where an address of one is given. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("pulsegrid.summaries.url")
class SummaryWiring {
  private static final Duration EVERY = Duration.ofSeconds(5);

  @Bean
  SummaryStore summaryStore(DataSource database) {
    return new SummaryStore(database);
  }

  @Bean
  @Primary
  Trends summarizedTrends(GridTrends trends, SummaryStore summaries) {
    return new SummarizedTrends(trends, summaries);
  }

  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  HttpClient summaryHttp() {
    return HttpClient.newBuilder()
        .connectTimeout(Duration.ofSeconds(5))
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  /** Ends with the node; a call that is under way leaves its claim to another. */
  @Bean(destroyMethod = "stop")
  @DependsOn("flywayInitializer")
  StageRunner summaries(
      SummaryStore summaries,
      SummarySettings settings,
      @Qualifier("summaryHttp") HttpClient http,
      InstantSource clock,
      MeterRegistry meters) {
    ChatCompletions writer =
        new ChatCompletions(
            http,
            new ChatCompletions.Endpoint(
                Objects.requireNonNull(settings.url()),
                Objects.requireNonNull(settings.model()),
                settings.key(),
                settings.timeout()));
    return new StageRunner(
        new TrendSummaries(summaries, writer, settings, clock, meters),
        EVERY,
        Thread.ofVirtual().factory(),
        meters);
  }
}
