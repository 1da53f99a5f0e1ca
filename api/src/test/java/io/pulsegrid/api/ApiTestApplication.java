package io.pulsegrid.api;

import io.pulsegrid.api.fake.FakeAccess;
import io.pulsegrid.api.fake.FakeAudit;
import io.pulsegrid.api.fake.FakeChannels;
import io.pulsegrid.api.fake.FakeClock;
import io.pulsegrid.api.fake.FakeCustomLimits;
import io.pulsegrid.api.fake.FakeEvents;
import io.pulsegrid.api.fake.FakeGrid;
import io.pulsegrid.api.fake.FakePosts;
import io.pulsegrid.api.fake.FakePreviews;
import io.pulsegrid.api.fake.FakePublishing;
import io.pulsegrid.api.fake.FakeQueries;
import io.pulsegrid.api.fake.FakeSeries;
import io.pulsegrid.api.fake.FakeSources;
import io.pulsegrid.api.fake.FakeSubscriptions;
import io.pulsegrid.api.fake.FakeTelling;
import io.pulsegrid.api.fake.FakeTrendHistory;
import io.pulsegrid.api.fake.FakeTrends;
import io.pulsegrid.api.fake.FakeWorkers;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.access.Workspaces;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The front as a node imports it, over ports held in memory. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ApiConfiguration.class)
class ApiTestApplication {
  static final WorkspaceId OTHER = new WorkspaceId("other");

  @Bean
  FakeAccess access() {
    FakeAccess access = new FakeAccess();
    access.know("pg_admin", WorkspaceId.DEFAULT, Scope.ADMIN);
    access.know("pg_write", WorkspaceId.DEFAULT, Scope.WRITE);
    access.know("pg_read", WorkspaceId.DEFAULT, Scope.READ);
    access.know("pg_other", OTHER, Scope.ADMIN);
    // Nobody writes there.
    access.know("pg_new", new WorkspaceId("new"), Scope.ADMIN);
    return access;
  }

  @Bean
  Workspaces workspaces(FakeAccess access) {
    return access.workspaces();
  }

  @Bean
  FakeAudit audit() {
    return new FakeAudit();
  }

  @Bean
  FakePosts posts() {
    return new FakePosts();
  }

  @Bean
  FakeTrends trends() {
    return new FakeTrends();
  }

  @Bean
  FakeTrendHistory trendHistory() {
    return new FakeTrendHistory();
  }

  @Bean
  FakeSources sources() {
    return new FakeSources();
  }

  @Bean
  FakeChannels channels() {
    return new FakeChannels();
  }

  @Bean
  FakeCustomLimits customLimits(FakeChannels channels) {
    return new FakeCustomLimits(channels);
  }

  @Bean
  FakePublishing publishing() {
    return new FakePublishing();
  }

  @Bean
  FakePreviews previews() {
    return new FakePreviews();
  }

  @Bean
  FakeWorkers workers() {
    return new FakeWorkers();
  }

  @Bean
  FakeSeries series() {
    return new FakeSeries();
  }

  @Bean
  FakeEvents events() {
    return new FakeEvents();
  }

  @Bean
  FakeTelling telling() {
    return new FakeTelling();
  }

  @Bean
  FakeSubscriptions subscriptions(FakeTelling telling) {
    return new FakeSubscriptions(telling);
  }

  @Bean
  FakeQueries queries() {
    return new FakeQueries();
  }

  @Bean
  FakeGrid grid() {
    return new FakeGrid();
  }

  @Bean
  FakeClock clock() {
    return new FakeClock();
  }
}
