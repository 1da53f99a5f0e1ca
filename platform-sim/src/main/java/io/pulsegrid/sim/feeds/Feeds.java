package io.pulsegrid.sim.feeds;

import io.pulsegrid.sim.fault.Platform;
import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Place;
import io.pulsegrid.sim.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Feeds of the world's sections, and one of them all; readers who know them get 304. */
public final class Feeds implements Platform {
  private static final Pattern ADDRESS =
      Pattern.compile("/(?<name>[a-z0-9-]+)\\.(?<form>rss|atom)");
  private static final Set<String> SECTIONS =
      Set.of("all", "tech", "security", "science", "business", "world");
  private static final int MOST = 40;

  private final World world;
  private final InstantSource clock;

  public Feeds(World world, InstantSource clock) {
    this.world = world;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "feeds";
  }

  @Override
  public Set<String> operations() {
    return Set.of("feed");
  }

  @Override
  public String operation(Request request) {
    return "feed";
  }

  @Override
  public String account(Request request) {
    return "";
  }

  @Override
  public Reply answer(Request request) {
    Matcher address = ADDRESS.matcher(request.path());
    if (!address.matches()) {
      return failure(404, "No such feed");
    }
    String name = String.valueOf(address.group("name"));
    Optional<Reply> misfit = Misfits.named(name, request);
    if (misfit.isPresent()) {
      return misfit.get();
    }
    return SECTIONS.contains(name)
        ? feed(name, String.valueOf(address.group("form")), request)
        : failure(404, "No such feed; there are " + SECTIONS.stream().sorted().toList());
  }

  @Override
  public Reply.Whole throttled(Instant reset) {
    long seconds = Math.max(1, Duration.between(clock.instant(), reset).toSeconds());
    return failure(429, "Too many requests").with("Retry-After", String.valueOf(seconds));
  }

  @Override
  public Reply.Whole failure(int status, String message) {
    return Reply.text(status, "text/plain; charset=utf-8", message);
  }

  private Reply feed(String name, String form, Request request) {
    Instant now = clock.instant();
    List<Piece> pieces =
        world
            .before(Place.FEEDS, now)
            .filter(piece -> name.equals("all") || piece.wording().section().equals(name))
            .limit(MOST)
            .toList();
    Instant updated = pieces.isEmpty() ? Instant.EPOCH : pieces.getFirst().at();
    long newest = pieces.isEmpty() ? 0 : pieces.getFirst().number();
    String etag = "\"" + name + "-" + form + "-" + Long.toHexString(newest) + "\"";
    Map<String, String> headers = Map.of("ETag", etag, "Last-Modified", FeedXml.rfc1123(updated));
    if (isKnown(request, etag, updated)) {
      return Reply.empty(304).with(headers);
    }
    String address = request.base() + request.path();
    String xml =
        form.equals("rss")
            ? FeedXml.rss(name, address, pieces, updated)
            : FeedXml.atom(name, address, pieces, updated);
    return Reply.text(200, "application/" + form + "+xml; charset=utf-8", xml).with(headers);
  }

  /** If-None-Match decides where it is sent; the date counts whole seconds. */
  private static boolean isKnown(Request request, String etag, Instant updated) {
    Optional<String> match = request.header("If-None-Match");
    if (match.isPresent()) {
      return match.get().contains(etag) || match.get().equals("*");
    }
    return request
        .header("If-Modified-Since")
        .flatMap(Feeds::date)
        .filter(since -> !updated.truncatedTo(ChronoUnit.SECONDS).isAfter(since))
        .isPresent();
  }

  private static Optional<Instant> date(String value) {
    try {
      return Optional.of(
          ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
