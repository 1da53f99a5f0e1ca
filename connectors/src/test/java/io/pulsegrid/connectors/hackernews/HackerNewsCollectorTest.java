package io.pulsegrid.connectors.hackernews;

import static io.pulsegrid.connectors.LoopbackServer.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.pulsegrid.connectors.LoopbackServer;
import io.pulsegrid.connectors.Shared;
import io.pulsegrid.connectors.TestWeb;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HackerNewsCollectorTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private LoopbackServer server;

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackServer();
  }

  @AfterEach
  void stop() {
    server.close();
    threads.shutdownNow();
  }

  @Test
  void readsTheRecordedItems() throws IOException {
    serve("topstories", Shared.bytes("recordings/hackernews/topstories.json"));
    for (long id : List.of(1000L, 2000L, 21278790L, 21299546L, 21337844L)) {
      serve("item/" + id, Shared.bytes("recordings/hackernews/item-" + id + ".json"));
    }
    serve("newstories", bytes("[21337844, 1000, 2000]"));
    serveNulls();

    List<IncomingPost> top = collected(collect("topstories", Source.Position.START)).posts();
    List<IncomingPost> others = collected(collect("newstories", Source.Position.START)).posts();

    assertThat(top)
        .extracting(post -> post.content().nativeId())
        .containsExactly("21278790", "21299546");
    IncomingPost sicp = top.getLast();
    assertThat(sicp.content().platform()).isEqualTo("hackernews");
    assertThat(sicp.content().title())
        .isEqualTo("Structure and Interpretation of Computer Programs (1996) [pdf]");
    assertThat(sicp.content().url()).isEqualTo("https://opendocs.github.io/sicp/sicp.pdf");
    assertThat(sicp.content().author()).isEqualTo("susam");
    assertThat(sicp.content().category()).isEqualTo("story");
    assertThat(sicp.engagement()).isEqualTo(new Engagement(661, 142, 0, 0));
    assertThat(sicp.publishedAt()).isEqualTo(Instant.ofEpochSecond(1571505668));
    assertThat(others)
        .extracting(post -> post.content().nativeId())
        .containsExactly("1000", "2000", "21337844");
    assertThat(others.get(0).content().title())
        .isEqualTo("‘It’s Mutilation’: The Police in Chile Are Blinding Protesters");
    assertThat(others.get(1).content().text())
        .startsWith("I find it fascinating which instances of governments");
    assertThat(others.get(1).content().url())
        .isEqualTo("https://news.ycombinator.com/item?id=2000");
    assertThat(others.get(2).engagement()).isEqualTo(new Engagement(44, 9, 0, 0));
  }

  @Test
  void readsTheRecordedListsWhole() throws IOException {
    for (String list : List.of("topstories", "newstories")) {
      serve(list, Shared.bytes("recordings/hackernews/" + list + ".json"));
    }
    server.on(
        "/v0/item/",
        exchange -> {
          LoopbackServer.answer(exchange, 200, Map.of(), item(idIn(exchange), 1));
        });

    assertThat(collected(collect("topstories", Source.Position.START)).posts())
        .hasSizeGreaterThan(100)
        .allSatisfy(post -> assertThat(post.errors()).isEmpty());
    assertThat(collected(collect("newstories", Source.Position.START)).posts())
        .hasSizeGreaterThan(100);
  }

  @Test
  void doesNotFetchSeenItemsAgain() {
    serve("topstories", bytes("[3, 2, 1]"));
    LongStream.rangeClosed(1, 3).forEach(id -> serve("item/" + id, item(id, 10)));

    Result.Collected first = collected(collect("topstories", Source.Position.START));
    server.asked().clear();
    Result.Collected second = collected(collect("topstories", first.next()));

    assertThat(first.posts()).hasSize(3);
    assertThat(second.posts()).isEmpty();
    assertThat(server.asked()).noneMatch(path -> path.contains("item"));
  }

  @Test
  void fetchesSeenItemsThatChanged() {
    serve("topstories", bytes("[3, 2, 1]"));
    LongStream.rangeClosed(1, 3).forEach(id -> serve("item/" + id, item(id, 10)));
    serve("updates", bytes("{\"items\":[2,99],\"profiles\":[]}"));

    Result.Collected first = collected(collect("topstories", Source.Position.START));
    Result.Collected second = collected(collect("topstories", first.next()));

    assertThat(second.posts()).extracting(post -> post.content().nativeId()).containsExactly("2");
  }

  @Test
  void leavesOutWhatIsDeletedDeadOrNotThereYet() {
    serve("topstories", bytes("[5, 4, 3, 2, 1]"));
    serve("item/1", bytes("{\"id\":1,\"deleted\":true,\"type\":\"story\",\"time\":1}"));
    serve("item/2", bytes("{\"id\":2,\"dead\":true,\"title\":\"spam\",\"type\":\"story\"}"));
    serve("item/3", bytes("null"));
    serve("item/4", bytes("{\"id\":4,\"type\":\"story\",\"time\":1400000000}"));
    serve("item/5", item(5, 1));

    Result.Collected first = collected(collect("topstories", Source.Position.START));

    assertThat(first.posts()).extracting(post -> post.content().nativeId()).containsExactly("5");
    assertThat(first.rejected())
        .containsExactlyInAnyOrder(
            "item 1 is deleted",
            "item 2 is dead",
            "item 4: text one of title and text is required");
    server.asked().clear();
    collect("topstories", first.next());
    assertThat(server.asked())
        .filteredOn(path -> path.contains("item"))
        .containsExactly("/v0/item/3.json");
  }

  @Test
  void keepsWhatCameWhenSomeItemsFail() {
    serve("topstories", bytes("[2, 1]"));
    serve("item/1", item(1, 1));
    server.on("/v0/item/2.json", 500, Map.of(), new byte[0]);

    Result.Collected first = collected(collect("topstories", Source.Position.START));

    assertThat(first.posts()).hasSize(1);
    assertThat(SeenItems.of(first.next().cursor()).unseen(List.of(1L, 2L))).containsExactly(2L);
  }

  @Test
  void failsWhenNoItemComes() {
    serve("topstories", bytes("[2, 1]"));

    Result result = collect("topstories", Source.Position.START);

    assertThat(((Result.Failed) result).detail()).startsWith("none of 2 items came");
  }

  @Test
  void fetchesAFewAtATime() {
    serve("topstories", bytes(LongStream.rangeClosed(1, 60).boxed().toList().toString()));
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch several = new CountDownLatch(4);
    server.on(
        "/v0/item/",
        exchange -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          several.countDown();
          try {
            several.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          now.decrementAndGet();
          LoopbackServer.answer(exchange, 200, Map.of(), item(idIn(exchange), 1));
        });

    assertThat(collected(collect("topstories", Source.Position.START)).posts()).hasSize(60);
    assertThat(most).hasValueBetween(4, 8);
  }

  @ParameterizedTest
  @CsvSource({"'{\"error\":\"x\"}'", "'[1,\"two\"]'", "not json", "''"})
  void failsOnAListThatIsNone(String body) {
    serve("topstories", bytes(body));

    assertThat(collect("topstories", Source.Position.START)).isInstanceOf(Result.Failed.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h.test, http://h.test/v0/topstories.json",
    "http://h.test/, http://h.test/v0/topstories.json",
    "http://h.test/v0, http://h.test/v0/topstories.json",
    "http://h.test/hackernews, http://h.test/hackernews/v0/topstories.json",
    "http://h.test/v0/beststories.json, http://h.test/v0/beststories.json"
  })
  void findsTheListBehindABase(URI url, URI list) {
    assertThat(StoryList.of(url)).hasValue(new StoryList(list));
  }

  @Test
  void refusesAListThatTheApiDoesNotHave() {
    URI url = URI.create("http://h.test/v0/nostories.json");

    assertThat(collector().check(spec(url), Source.Credentials.NONE))
        .singleElement()
        .satisfies(error -> assertThat(error.field()).isEqualTo("url"));
  }

  @Test
  void boundsTheCursor() {
    List<Long> many = LongStream.range(40_000_000, 40_010_000).boxed().toList();

    String cursor = SeenItems.of(null).cursorAfter(List.of(40_000_000L), many);

    assertThat(cursor).hasSizeLessThan(20_000);
    assertThat(SeenItems.of(cursor).contains(40_000_000L)).as("still listed").isTrue();
    assertThat(SeenItems.of(cursor).contains(40_009_999L)).isTrue();
    assertThat(SeenItems.of(cursor).contains(40_000_001L)).isFalse();
    assertThat(SeenItems.of("not a cursor!").contains(1)).isFalse();
  }

  @Test
  void takesAnItemWithoutTheNumbersThatCannotBe() {
    serve("topstories", bytes("[3, 2, 1]"));
    String item = "{\"id\":%d,\"title\":\"T\",\"time\":%s,\"score\":%s,\"descendants\":-1}";
    serve("item/1", bytes(item.formatted(1, "31556889864403200", "9223372036854775807")));
    serve("item/2", bytes(item.formatted(2, "99999999999999999999999", "1" + "0".repeat(40))));
    serve("item/3", bytes(item.formatted(3, "-7", "12")));

    Result.Collected collected = collected(collect("topstories", Source.Position.START));

    assertThat(collected.posts()).hasSize(3).allMatch(post -> post.publishedAt() == null);
    assertThat(collected.posts())
        .extracting(post -> post.engagement().likes())
        .containsExactlyInAnyOrder(0L, 0L, 12L);
  }

  private void serve(String name, byte[] body) {
    server.on("/v0/" + name + ".json", 200, Map.of(), body);
  }

  private static long idIn(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    return Long.parseLong(path.substring("/v0/item/".length(), path.indexOf(".json")));
  }

  private void serveNulls() {
    server.on("/v0/item/", 200, Map.of(), bytes("null"));
  }

  private static byte[] item(long id, int score) {
    return bytes(
        "{\"id\":%d,\"type\":\"story\",\"by\":\"ann\",\"time\":1571505668,\"title\":\"Story %d\",\"score\":%d,\"descendants\":2}"
            .formatted(id, id, score));
  }

  private Result collect(String list, Source.Position from) {
    return collector()
        .collect(
            new Collector.Call(
                "s1", spec(server.url("/v0/" + list + ".json")), Source.Credentials.NONE, from));
  }

  private static Result.Collected collected(Result result) {
    assertThat(result).isInstanceOf(Result.Collected.class);
    return (Result.Collected) result;
  }

  private HackerNewsCollector collector() {
    return new HackerNewsCollector(
        TestWeb.client(true),
        () -> new FetchLimits(Duration.ofSeconds(10), 1_000_000),
        InstantSource.system(),
        threads);
  }

  private static Source.Spec spec(URI url) {
    return new Source.Spec("hackernews", url, new Schedule.Every(Duration.ofMinutes(2)), 5);
  }
}
