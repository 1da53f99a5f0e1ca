package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.PulsegridException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the demo sets up, through REST as anyone would: sources, a channel, posts that are due soon.
 * A second demo on the same data finds sources and channel in place, and schedules anew only where
 * nothing waits any more.
 */
final class DemoScene {
  private static final String[] TEXTS = {
    "Good morning from Pulsegrid: this post was written once and sent at its due time. #demo",
    "Three stories are moving fast today. We read them so that you need not. #trends",
    "Behind the scenes: every delivery keeps its attempts, so nothing is sent twice. #reliability",
    "That was the tour: open the page, search for a word, and look at what trends. #demo"
  };
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final RestClient rest;
  private final String sim;
  private final UpOptions.Plan plan;
  private final Terminal terminal;
  private final InstantSource clock;

  DemoScene(
      RestClient rest, String sim, UpOptions.Plan plan, Terminal terminal, InstantSource clock) {
    this.rest = rest;
    this.sim = sim;
    this.plan = plan;
    this.terminal = terminal;
    this.clock = clock;
  }

  void play() throws InterruptedException {
    Instant begun = clock.instant();
    try {
      source("feed", "/feeds/tech.rss", "PT30S");
      source("feed", "/feeds/security.atom", "PT30S");
      source("hackernews", "/hackernews/v0/topstories.json", "PT1M");
      schedule(channel());
      tellWhereToLook();
      awaitFirstFind(begun);
    } catch (PulsegridException e) {
      terminal.complain("demo: " + e.getMessage() + "; the node runs on");
    }
  }

  private void source(String kind, String path, String every) throws InterruptedException {
    String url = sim + path;
    if (find("/sources?limit=500", "url", url).isPresent()) {
      terminal.say("source " + kind + " " + url + " is there already");
      return;
    }
    rest.post("/sources", rest.object().put("kind", kind).put("url", url).put("every", every));
    terminal.say("made the source " + kind + " " + url + ", collected every " + every);
  }

  private String channel() throws InterruptedException {
    String baseUrl = sim + "/mastodon";
    var there = find("/channels?limit=500", "baseUrl", baseUrl);
    if (there.isPresent()) {
      terminal.say("channel mastodon " + baseUrl + " is there already");
      return there.get().path("id").asString();
    }
    ObjectNode channel =
        rest.object().put("platform", "mastodon").put("handle", "@demo").put("baseUrl", baseUrl);
    channel.put("zone", "Europe/Paris").putObject("credentials").put("accessToken", "t-demo");
    JsonNode made = rest.post("/channels", channel);
    terminal.say("made the channel mastodon @demo at " + baseUrl);
    return made.path("id").asString();
  }

  private void schedule(String channel) throws InterruptedException {
    if (!rest.get("/deliveries?state=SCHEDULED&limit=1&channel=" + channel)
        .path("items")
        .isEmpty()) {
      terminal.say("posts of an earlier demo still wait there");
      return;
    }
    Instant first = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(20);
    for (int i = 0; i < TEXTS.length; i++) {
      ObjectNode post = rest.object().put("text", TEXTS[i]);
      post.putArray("channels").add(channel);
      post.putObject("when").put("at", first.plusSeconds(60L * i).toString());
      rest.post("/scheduled-posts", post);
    }
    terminal.say(
        "scheduled %d posts, the first at %s, then one a minute".formatted(TEXTS.length, first));
  }

  private void tellWhereToLook() {
    String url = plan.url();
    terminal.say("");
    terminal.say("  the page       " + url + "/");
    terminal.say(
        "  search         curl -H \"Authorization: Bearer $(cat "
            + Shell.word(keyFile())
            + ")\" '"
            + url
            + "/api/v1/search?q=...'");
    terminal.say("  the admin key  " + keyFile());
    terminal.say("  what arrived   " + sim + "/sim/ledger");
    terminal.say("  logs           " + plan.data().resolve("logs"));
    terminal.say("");
  }

  private String keyFile() {
    return plan.data().resolve("admin.key").toString();
  }

  /** The first collected post that a search finds by a word of its own. */
  private void awaitFirstFind(Instant begun) throws InterruptedException {
    Instant until = begun.plus(PATIENCE);
    while (clock.instant().isBefore(until)) {
      for (JsonNode post : rest.get("/posts?limit=5").path("items")) {
        String title = post.path("title").asString("");
        String wording = title.isEmpty() ? post.path("text").asString("") : title;
        if (finds(wording, post.path("id").asString())) {
          terminal.say(
              "first collected post searchable after %.1f s: %s"
                  .formatted(
                      Duration.between(begun, clock.instant()).toMillis() / 1000.0,
                      wording.length() > 100 ? wording.substring(0, 100) + "..." : wording));
          return;
        }
      }
      TimeUnit.MILLISECONDS.sleep(250);
    }
    terminal.say("nothing collected is searchable yet; see the logs");
  }

  private boolean finds(String wording, String id) throws InterruptedException {
    if (wording.isBlank()) {
      return false;
    }
    String query = wording.length() > 200 ? wording.substring(0, 200) : wording;
    JsonNode answer =
        rest.get("/search?limit=20&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    for (JsonNode hit : answer.path("hits")) {
      if (hit.path("post").path("id").asString("").equals(id)) {
        return true;
      }
    }
    return false;
  }

  private Optional<JsonNode> find(String list, String field, String value)
      throws InterruptedException {
    for (JsonNode item : rest.get(list).path("items")) {
      if (item.path(field).asString("").equals(value)) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }
}
