package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.PostImport;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code replay}: relives a recorded event at a node, at a pace. Doing it again is harmless. */
@Command(name = "replay", description = "Send a file's posts in the order and pace of their times.")
final class ReplayCommand implements Callable<Integer> {
  private static final int SOME_REJECTED = 3;
  private static final int SHOWN_ERRORS = 10;
  private static final int SHOWN_TRENDS = 10;
  private static final double FASTEST = 1_000_000;
  private static final Duration NEXT_LINE = Duration.ofSeconds(10);

  /** The last posts are clustered and saved within it, or something else is wrong. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private static final Duration QUIET = Duration.ofSeconds(4);
  private static final Duration STOPPING = Duration.ofSeconds(10);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "NDJSON or CSV, whose posts have a publishedAt")
  private String file = "-";

  @Option(
      names = "--speed",
      paramLabel = "N",
      description = "how many times as fast as it happened (60)")
  private double speed = 60;

  @Option(
      names = "--min-posts",
      paramLabel = "N",
      description = "how many posts a trend must have to be told here (3)")
  private long minPosts = 3;

  @Mixin private final RestOptions rest = new RestOptions();
  @Mixin private final FileOptions options = new FileOptions();

  private final Terminal terminal = Terminal.system();
  private final CountDownLatch ended = new CountDownLatch(1);
  private Instant shownAt = Instant.EPOCH;
  private volatile boolean over;

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (!(speed > 0 && speed <= FASTEST)) {
      throw new ParameterException(
          spec.commandLine(), "--speed must be more than 0 and at most 1,000,000, was " + speed);
    }
    var client = rest.client();
    try (Recording recording = recording()) {
      return relived(recording, client);
    } catch (PulsegridException refused) {
      throw PulsegridException.of(
          refused.code(), FileOptions.inOptions(String.valueOf(refused.getMessage())));
    } finally {
      ended.countDown();
    }
  }

  private Recording recording() throws IOException {
    int[] shown = {0};
    try (var input = ImportFile.open(file)) {
      var format =
          input.contentType().endsWith("csv") ? PostImport.Format.CSV : PostImport.Format.NDJSON;
      return Recording.read(
          input.stream(),
          options.options(format),
          complaint -> {
            if (shown[0]++ < SHOWN_ERRORS) {
              terminal.complain(FileOptions.inOptions(complaint));
            }
          });
    }
  }

  private int relived(Recording recording, RestClient client)
      throws InterruptedException, IOException {
    Instant first = recording.at(0);
    Instant last = recording.at(recording.size() - 1);
    RadarTime.warning(client.get("/posts?limit=1"), last).ifPresent(terminal::complain);
    terminal.complain(
        "%,d posts of %s to %s, %s times as fast: about %s"
            .formatted(
                recording.size(),
                first.truncatedTo(ChronoUnit.SECONDS),
                last.truncatedTo(ChronoUnit.SECONDS),
                plain(speed),
                took(scaled(first, last))));
    var trends = new EmergingTrends(minPosts);
    var replay =
        new Replay(recording, speed, InstantSource.system(), new ToNode(client, recording, trends));
    // Ctrl-C: what is being sent is answered for, then the summary is told.
    var hook = Thread.ofPlatform().unstarted(() -> stop(replay));
    Runtime.getRuntime().addShutdownHook(hook);
    Instant begun = Instant.now();
    Replay.Counts counts;
    try (Stream<String> lines = client.lines("/events?types=trend")) {
      Thread _ = Thread.ofVirtual().start(() -> listen(lines, trends));
      counts = replay.run();
      settle(trends);
      over = true;
    }
    tell(counts, recording.rejected(), trends, Duration.between(begun, Instant.now()));
    return counts.rejected() + recording.rejected() > 0 ? SOME_REJECTED : 0;
  }

  private void stop(Replay replay) {
    replay.stop();
    try {
      boolean _ = ended.await(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(Stream<String> lines, EmergingTrends trends) {
    try {
      lines.forEach(line -> trends.line(line).ifPresent(terminal::say));
    } catch (RuntimeException broken) {
      if (!over) {
        // Its node is gone or leaves: sending goes on as long as another answers there.
        terminal.complain("the stream of events broke: no more trends are told while this goes on");
      }
    }
  }

  /**
   * Waits until nothing more is told: the last posts are clustered a few seconds after they came.
   */
  private static void settle(EmergingTrends trends) throws InterruptedException {
    Instant until = Instant.now().plus(SETTLING);
    long before = -1;
    while (trends.events() != before && Instant.now().isBefore(until)) {
      before = trends.events();
      TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
    }
  }

  private void tell(Replay.Counts counts, long unread, EmergingTrends trends, Duration took) {
    terminal.say(
        "%,d posts sent in %s: %,d accepted, %,d unchanged, %,d rejected; %,d left out"
            .formatted(
                counts.sent(),
                took(took),
                counts.accepted(),
                counts.unchanged(),
                counts.rejected(),
                unread));
    terminal.say("%,d trends emerged; as they stand now:".formatted(trends.size()));
    trends.largest(SHOWN_TRENDS).forEach(line -> terminal.say("  " + line));
    ObjectNode answer =
        JsonMapper.shared()
            .createObjectNode()
            .put("sent", counts.sent())
            .put("accepted", counts.accepted())
            .put("unchanged", counts.unchanged())
            .put("rejected", counts.rejected() + unread)
            .put("trends", trends.size());
    terminal.say(answer.toString());
  }

  private Duration scaled(Instant first, Instant last) {
    return Duration.ofMillis((long) (Duration.between(first, last).toMillis() / speed));
  }

  private static String plain(double number) {
    return number == Math.rint(number)
        ? String.format(Locale.ROOT, "%,d", (long) number)
        : String.valueOf(number);
  }

  private static String took(Duration time) {
    Duration seconds = time.truncatedTo(ChronoUnit.SECONDS);
    return seconds.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /** A node, by the import that every file goes through. */
  private final class ToNode implements Replay.Way {
    private final RestClient client;
    private final Recording recording;
    private final EmergingTrends trends;

    ToNode(RestClient client, Recording recording, EmergingTrends trends) {
      this.client = client;
      this.recording = recording;
      this.trends = trends;
    }

    @Override
    public JsonNode send(byte[] lines) throws InterruptedException, IOException {
      return Resending.untilTaken(
          () ->
              client.send(
                  client
                      .request("/posts/import")
                      .header("Content-Type", "application/x-ndjson")
                      .POST(BodyPublishers.ofByteArray(lines))),
          (why, wait) ->
              terminal.complain(
                  "%s; sending these posts again in %d s".formatted(why, wait.toSeconds())));
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    }

    @Override
    public void sent(Instant reached, Replay.Counts counts) {
      Instant now = Instant.now();
      if (!now.isBefore(shownAt.plus(NEXT_LINE)) || counts.sent() == recording.size()) {
        shownAt = now;
        terminal.complain(
            "%s  %,d of %,d posts, %,d trends"
                .formatted(
                    reached.truncatedTo(ChronoUnit.SECONDS),
                    counts.sent(),
                    recording.size(),
                    trends.size()));
      }
    }
  }
}
