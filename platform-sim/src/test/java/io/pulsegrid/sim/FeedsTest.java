package io.pulsegrid.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class FeedsTest {
  private final HandClock clock = new HandClock();
  private final Sim sim = Sim.start(SimOptions.local(0).withClock(clock));
  private final Visitor visitor = new Visitor(sim);

  @AfterEach
  void close() {
    visitor.close();
    sim.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "tech", "security", "science", "business", "world"})
  void servesEverySectionInBothForms(String section) throws Exception {
    HttpResponse<String> rss = visitor.get("/feeds/" + section + ".rss");
    assertThat(rss.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/rss+xml");
    int items = parse(rss).getElementsByTagName("item").getLength();
    assertThat(items).isBetween(10, 40);
    HttpResponse<String> atom = visitor.get("/feeds/" + section + ".atom");
    assertThat(parse(atom).getElementsByTagName("entry").getLength()).isEqualTo(items);
  }

  @Test
  void answersNotModifiedUntilSomethingIsNew() throws IOException {
    HttpResponse<String> first = visitor.get("/feeds/all.rss");
    String etag = first.headers().firstValue("ETag").orElseThrow();
    String date = first.headers().firstValue("Last-Modified").orElseThrow();
    assertThat(visitor.get("/feeds/all.rss", "If-None-Match", etag).statusCode()).isEqualTo(304);
    assertThat(visitor.get("/feeds/all.rss", "If-Modified-Since", date).statusCode())
        .isEqualTo(304);
    clock.advance(Duration.ofHours(2));
    HttpResponse<String> later = visitor.get("/feeds/all.rss", "If-None-Match", etag);
    assertThat(later.statusCode()).isEqualTo(200);
    assertThat(later.headers().firstValue("ETag")).isPresent().get().isNotEqualTo(etag);
    assertThat(visitor.get("/feeds/all.rss", "If-Modified-Since", date).statusCode())
        .isEqualTo(200);
  }

  @Test
  void misbehavesOnRequest() throws IOException {
    assertThat(visitor.get("/feeds/gone.rss").statusCode()).isEqualTo(410);
    HttpResponse<String> moved = visitor.get("/feeds/moved.rss");
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(moved.headers().firstValue("Location")).hasValue(sim.uri() + "/feeds/tech.rss");
    assertThat(visitor.get("/feeds/bomb.rss").body()).contains("<!ENTITY l9");
    assertThat(visitor.get("/feeds/unknown.rss").statusCode()).isEqualTo(404);
  }

  @Test
  void hasAFeedThatGoesOnUntilItsReaderLeaves() throws IOException {
    try (InputStream endless = sim.uri().resolve("/feeds/endless.rss").toURL().openStream()) {
      assertThat(endless.readNBytes(1 << 20)).hasSize(1 << 20);
    }
    assertThat(visitor.get("/feeds/tech.rss").statusCode()).isEqualTo(200);
  }

  private static Document parse(HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).isEqualTo(200);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
  }
}
