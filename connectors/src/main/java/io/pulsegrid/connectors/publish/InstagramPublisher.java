package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.MetaLimits;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.TokenRenewal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Publishes images on Instagram, in the platform's three steps: a container that fetches the image,
 * waiting until it has, and publishing it. A text's last line is the address of its image, the rest
 * its caption. Nobody sees anything before the third step.
 */
final class InstagramPublisher extends WebPublisher {
  private static final String USER = "userId";
  private static final int PAGE = 50;

  /** Meta's guide to content publishing: captions have at most 30 hashtags and 20 mentions. */
  private static final int MOST_TAGS = 30;

  private static final int MOST_MENTIONS = 20;
  private static final Pattern TAG = Pattern.compile("(?<![\\p{L}\\p{N}_&])#[\\p{L}\\p{N}_]+");
  private static final Pattern MENTION = Pattern.compile("(?<![\\w.])@[A-Za-z0-9_][\\w.]*");
  private static final Pattern IMAGE =
      Pattern.compile("(?s)(.*?)(?:^|\\R)\\s*(https?://[^\\s<>\"]+)\\s*");

  /** The image is fetched within seconds; Meta asks for no more than a question a second. */
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

  private static final int SPENT_QUOTA = 2_207_042;
  private static final int NOT_READY = 2_207_027;
  private static final int BLOCKED = 2_207_051;
  private static final Duration UNTIL_QUOTA_MAY_BE_LEFT = Duration.ofHours(1);

  private final TokenRenewal renewal;

  InstagramPublisher(Outside outside) {
    super(outside, new MetaLimits());
    renewal = new GraphRenewal(outside);
  }

  @Override
  public Optional<TokenRenewal> renewal() {
    return Optional.of(renewal);
  }

  /** A text as Instagram takes it. */
  private record Captioned(String caption, String image) {
    static Optional<Captioned> of(String text) {
      Matcher matcher = IMAGE.matcher(text);
      return matcher.matches()
          ? Optional.of(new Captioned(matcher.group(1).strip(), matcher.group(2)))
          : Optional.empty();
    }
  }

  @Override
  public String platform() {
    return "instagram";
  }

  @Override
  List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>(Graph.faults(credentials));
    if (!credentials.values().getOrDefault(USER, "").matches("\\d{1,64}")) {
      errors.addAll(
          fault("credentials." + USER, "must be the id of the Instagram account, in digits"));
    }
    return errors;
  }

  @Override
  List<FieldError> faults(String text) {
    return Captioned.of(text).isEmpty()
        ? fault("text", "must end with a line that is the address of a JPEG image")
        : List.of();
  }

  @Override
  List<Measure> measures(String text) {
    String caption = Captioned.of(text).map(Captioned::caption).orElse(text);
    return List.of(
        length("its caption", Texts.codePoints(caption), "characters"),
        new Measure("its caption", TAG.matcher(caption).results().count(), MOST_TAGS, "hashtags"),
        new Measure(
            "its caption", MENTION.matcher(caption).results().count(), MOST_MENTIONS, "mentions"));
  }

  @Override
  Outcome send(Exchange exchange) throws Ended, IOException, InterruptedException {
    Captioned post =
        Captioned.of(exchange.call().text())
            .orElseThrow(() -> new Ended(new Outcome.Rejected(0, "there is no image in it")));
    @Nullable Allowance left = left(exchange);
    String container = container(exchange, post);
    awaitImage(exchange, container);
    Heard heard =
        exchange.create(
            Graph.request(exchange, own(exchange, "/media_publish")),
            Exchange.FORM,
            Texts.form(Map.of("creation_id", container)));
    if (left != null && exchange.allowance() == null) {
      exchange.told(left);
    }
    if (heard.status() == 200) {
      return exchange.created(heard, heard.text("/id"), null);
    }
    return switch (Graph.subcode(heard)) {
      case NOT_READY ->
          new Outcome.Transient(heard.status(), Exchange.detail(heard, Graph.said(heard)));
      case SPENT_QUOTA -> exchange.throttled(heard, Graph.said(heard));
      // Said of posts that were there (postiz 1681), though its code is that of a limit.
      case BLOCKED ->
          new Outcome.Ambiguous(heard.status(), Exchange.detail(heard, Graph.said(heard)));
      default -> Graph.answered(exchange, heard);
    };
  }

  @Override
  Identity account(Exchange exchange) {
    return new Identity.Claimed(exchange.secret(USER));
  }

  /** The caption alone: of an image the platform shows an address of its own. */
  @Override
  String mark(String text) {
    return RecentPosts.comparable(Captioned.of(text).map(Captioned::caption).orElse(""));
  }

  @Override
  Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException {
    String wanted = mark(exchange.call().text());
    return recent.find(
        from -> page(exchange, from),
        post -> RecentPosts.comparable(post.text()).equals(wanted),
        null);
  }

  /** What the platform's own count leaves after this post; null if it does not say. */
  private static @Nullable Allowance left(Exchange exchange)
      throws Ended, IOException, InterruptedException {
    Heard heard =
        exchange.ask(
            Graph.request(
                exchange, own(exchange, "/content_publishing_limit?fields=quota_usage,config")));
    if (heard.status() == 401 || Graph.code(heard) != 0) {
      throw new Ended(Graph.unprepared(exchange, heard));
    }
    JsonNode quota = heard.json().at("/data/0");
    int total = quota.at("/config/quota_total").asInt(0);
    long seconds = quota.at("/config/quota_duration").asLong(0);
    if (!heard.ok() || total <= 0 || seconds <= 0) {
      return null;
    }
    int free = total - quota.path("quota_usage").asInt(0);
    Instant now = exchange.now();
    if (free <= 0) {
      throw new Ended(
          new Outcome.Throttled(
              now.plus(UNTIL_QUOTA_MAY_BE_LEFT),
              heard.status(),
              "the quota of %d posts is spent".formatted(total)));
    }
    return new Allowance(total, free - 1, now.plusSeconds(seconds));
  }

  private static String container(Exchange exchange, Captioned post)
      throws Ended, IOException, InterruptedException {
    Heard heard =
        exchange.ask(
            Graph.request(exchange, own(exchange, "/media")),
            Exchange.FORM,
            Texts.form(Map.of("image_url", post.image(), "caption", post.caption())));
    if (!heard.ok()) {
      throw new Ended(Graph.unprepared(exchange, heard));
    }
    return RecentPosts.id(heard.text("/id"));
  }

  private void awaitImage(Exchange exchange, String container)
      throws Ended, IOException, InterruptedException {
    while (true) {
      Heard heard =
          exchange.read(
              Graph.request(
                  exchange, "/" + Texts.encoded(container) + "?fields=status_code,status"));
      switch (heard.text("/status_code")) {
        case "FINISHED" -> {
          return;
        }
        case "ERROR" -> throw new Ended(exchange.rejected(heard, heard.text("/status")));
        case "EXPIRED" -> throw new Ended(new Outcome.Transient(200, "the container expired"));
        default -> {
          if (exchange.call().deadline().left().compareTo(BETWEEN_QUESTIONS.multipliedBy(2)) < 0) {
            throw new Ended(new Outcome.Transient(200, "the image was not fetched in time"));
          }
          outside().pause().take(BETWEEN_QUESTIONS);
        }
      }
    }
  }

  private static RecentPosts.Page page(Exchange exchange, @Nullable String from)
      throws Ended, IOException, InterruptedException {
    String older = from == null ? "" : "&after=" + Texts.encoded(from);
    Heard heard =
        exchange.read(
            Graph.request(
                exchange,
                own(
                    exchange,
                    "/media?fields=id,caption,timestamp,permalink&limit=" + PAGE + older)));
    return Graph.page(heard, "caption", "timestamp", "permalink");
  }

  private static String own(Exchange exchange, String path) {
    return "/" + exchange.secret(USER) + path;
  }
}
