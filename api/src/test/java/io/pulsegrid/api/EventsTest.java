package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.api.fake.FakeAccess;
import io.pulsegrid.api.fake.FakeClock;
import io.pulsegrid.api.fake.FakeEvents;
import io.pulsegrid.api.fake.FakePublishing;
import io.pulsegrid.api.fake.FakeTelling;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.trend.Trend;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

class EventsTest extends FrontTest {
  private static final Trend TREND = Samples.trend(WorkspaceId.DEFAULT, "told", 1, 2);

  @Autowired FakeEvents events;
  @Autowired FakeTelling telling;
  @Autowired FakeAccess access;
  @Autowired FakeClock clock;

  private final List<InputStream> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (InputStream stream : open) {
      stream.close();
    }
    events.closeAll();
  }

  private List<String> listen(Http who, String query, String... headers) throws Exception {
    int before = events.listeners();
    HttpResponse<InputStream> answer = who.open("/api/v1/events" + query, headers);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    open.add(answer.body());
    List<String> lines = new CopyOnWriteArrayList<>();
    Thread.ofVirtual().start(() -> read(answer.body(), lines));
    await().until(() -> events.listeners() > before);
    return lines;
  }

  private static void read(InputStream stream, List<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
      lines.add("END");
    } catch (java.io.IOException closed) {
      lines.add("CLOSED");
    }
  }

  private void tell(String id, WorkspaceId workspace, Event.Subject subject) {
    events.tell(new Event(id, workspace, FakePublishing.NOW, subject));
  }

  private static Event.Subject delivery(String id) {
    return new Event.Subject.OfDelivery(
        new Delivery(
            id,
            WorkspaceId.DEFAULT,
            "p1",
            "c1",
            DeliveryState.PUBLISHED,
            FakePublishing.NOW,
            1,
            new Delivery.Result("99", null, null),
            4));
  }

  @Test
  void tellsEventsAsTheyHappen() throws Exception {
    List<String> lines = listen(reader, "");
    tell("e1", WorkspaceId.DEFAULT, new Event.Subject.OfTrend(TREND));
    tell("e2", ApiTestApplication.OTHER, new Event.Subject.OfTrend(TREND));
    tell("e3", WorkspaceId.DEFAULT, delivery("d77"));
    tell(
        "e4",
        WorkspaceId.DEFAULT,
        new Event.Subject.OfPost(Samples.post(WorkspaceId.DEFAULT, "sse", "Told", TREND.id())));
    tell(
        "e5",
        WorkspaceId.DEFAULT,
        new Event.Subject.OfAlert(Samples.alert("e5", Alert.Kind.FAILED, FakePublishing.NOW)));
    await().until(() -> lines.contains("id: e5"));
    await().until(() -> lines.stream().filter(line -> line.startsWith("data: ")).count() == 4);
    assertThat(lines).doesNotContain("id: e2");
    assertThat(lines).containsSubsequence("id: e1", "event: trend", "id: e3", "event: delivery");
    assertThat(lines).containsSubsequence("id: e4", "event: post");
    assertThat(lines).containsSubsequence("id: e5", "event: alert");
    String alert = lines.stream().filter(line -> line.contains("\"e5\"")).findFirst().orElseThrow();
    assertThat(JsonMapper.shared().readTree(alert.substring(6)).path("message").asString())
        .isEqualTo(
            "a post for @me on mastodon failed: HTTP 422; once the reason is gone, redrive it");
    String told =
        lines.stream().filter(line -> line.contains("d77")).findFirst().orElseThrow().substring(6);
    assertThat(JsonMapper.shared().readTree(told).path("state").asString()).isEqualTo("PUBLISHED");
    assertThat(JsonMapper.shared().readTree(told).path("remoteId").asString()).isEqualTo("99");
  }

  @Test
  void tellsAlertsOfOneSubscriptionAlone() throws Exception {
    String mine = subscribe("rust");
    List<String> lines = listen(reader, "?subscription=" + mine);
    tell("s1", WorkspaceId.DEFAULT, new Event.Subject.OfTrend(TREND));
    tell("s2", WorkspaceId.DEFAULT, emerged("s2", subscribe("storm")));
    tell(
        "s3",
        WorkspaceId.DEFAULT,
        new Event.Subject.OfAlert(Samples.alert("s3", Alert.Kind.FAILED, FakePublishing.NOW)));
    tell("s4", WorkspaceId.DEFAULT, emerged("s4", mine));

    await().until(() -> lines.contains("id: s4"));
    assertThat(lines).doesNotContain("id: s1", "id: s2", "id: s3");
    assertInvalid(reader.get("/api/v1/events?subscription=unknown"), "subscription");
    assertInvalid(reader.get("/api/v1/events?types=post&subscription=" + mine), "types");
  }

  @Test
  void goesOnWithTheAlertsThatAreKeptOfASubscription() throws Exception {
    String mine = subscribe("rust");
    for (String id : List.of("k1", "k2", "k3")) {
      telling.add(emergedAlert(id, mine));
    }
    telling.add(emergedAlert("k4", subscribe("storm")));
    try {
      List<String> lines = listen(reader, "?subscription=" + mine, "Last-Event-ID", "k1");
      // One of them is told just now as well.
      tell("k3", WorkspaceId.DEFAULT, emerged("k3", mine));
      tell("k5", WorkspaceId.DEFAULT, emerged("k5", mine));

      await().until(() -> lines.contains("id: k5"));
      assertThat(lines.stream().filter(line -> line.startsWith("id: ")))
          .containsExactly("id: k2", "id: k3", "id: k5");
    } finally {
      telling.clearAlerts();
    }
  }

  private String subscribe(String keyword) {
    return writer
        .post("/api/v1/subscriptions", "{\"keyword\":\"" + keyword + "\"}")
        .json()
        .path("id")
        .asString();
  }

  private static Event.Subject emerged(String id, String subscription) {
    return new Event.Subject.OfAlert(emergedAlert(id, subscription));
  }

  private static Alert emergedAlert(String id, String subscription) {
    return new Alert(
        id,
        WorkspaceId.DEFAULT,
        Alert.Kind.TREND_EMERGED,
        FakePublishing.NOW,
        new Alert.Concerns(null, null, null, null, subscription, TREND.id().value()),
        "a trend",
        "",
        null);
  }

  @Test
  void resumesAfterTheLastEventSeen() throws Exception {
    tell("r1", WorkspaceId.DEFAULT, delivery("before"));
    tell("r2", WorkspaceId.DEFAULT, delivery("missed"));
    List<String> lines = listen(reader, "", "Last-Event-ID", "r1");
    await().until(() -> lines.contains("id: r2"));
    assertThat(lines).doesNotContain("id: r1");
  }

  @Test
  void catchesUpWithMoreThanTheStreamHoldsAtOnce() throws Exception {
    int missed = 5000;
    tell("m0", WorkspaceId.DEFAULT, delivery("before"));
    for (int i = 1; i <= missed; i++) {
      tell("m" + i, WorkspaceId.DEFAULT, delivery("missed"));
    }
    HttpResponse<InputStream> answer = reader.open("/api/v1/events", "Last-Event-ID", "m0");
    open.add(answer.body());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    List<String> seen = new ArrayList<>();
    for (String line = lines.readLine();
        line != null && seen.size() < missed;
        line = lines.readLine()) {
      if (line.startsWith("id: m")) {
        seen.add(line);
      }
    }
    assertThat(seen).hasSize(missed).startsWith("id: m1").endsWith("id: m" + missed);
  }

  @Test
  void tellsOnlyTheTypesAskedFor() throws Exception {
    List<String> lines = listen(reader, "?types=trend,delivery");
    tell(
        "t1",
        WorkspaceId.DEFAULT,
        new Event.Subject.OfPost(Samples.post(WorkspaceId.DEFAULT, "no", "No", TREND.id())));
    tell("t2", WorkspaceId.DEFAULT, delivery("yes"));
    await().until(() -> lines.contains("id: t2"));
    assertThat(lines).doesNotContain("id: t1");
  }

  @Test
  void showsThatItLives() throws Exception {
    List<String> lines = listen(reader, "");
    await().until(() -> lines.stream().filter(":"::equals).count() >= 2);
  }

  @Test
  void endsWithItsSubscription() throws Exception {
    List<String> lines = listen(reader, "");
    events.closeAll();
    await().until(() -> lines.contains("END"));
  }

  @Test
  void endsWhenItsKeyIsDeleted() throws Exception {
    access.know("pg_brief", WorkspaceId.DEFAULT, Scope.READ);
    try (Http brief = new Http(port, "pg_brief")) {
      List<String> lines = listen(brief, "");
      clock.advance(Duration.ofSeconds(1));
      await().until(() -> lines.contains(":"));
      access.delete(WorkspaceId.DEFAULT, "key-pg_brief");
      clock.advance(Duration.ofSeconds(1));
      await().until(() -> lines.contains("END"));
    }
  }

  @Test
  void givesItsThreadBackWhenTheListenerLeaves() throws Exception {
    listen(reader, "");
    open.getLast().close();
    await().until(() -> events.listeners() == 0);
  }
}
