package io.pulsegrid.connectors.feed;

import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.Fetched;
import io.pulsegrid.connectors.http.WebClient;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The collector of RSS and Atom feeds. A visit asks only for what changed (ETag, Last-Modified);
 * for servers that know neither, the cursor holds a digest of the last body.
 */
public final class FeedCollector implements Collector {
  private final WebClient web;
  private final Supplier<FetchLimits> limits;
  private final InstantSource clock;

  /**
   * @param limits asked at each visit, so that they may change while running
   */
  public FeedCollector(WebClient web, Supplier<FetchLimits> limits, InstantSource clock) {
    this.web = web;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "feed";
  }

  @Override
  public List<FieldError> check(Source.Spec spec, Source.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>(unneeded(credentials));
    web.refusal(spec.url()).ifPresent(why -> errors.add(new FieldError("url", why)));
    return errors;
  }

  @Override
  public Result collect(Call call) {
    Source.Spec spec = call.spec();
    Source.Position from = call.from();
    String sourceId = call.sourceId();
    Map<String, String> headers = new HashMap<>();
    headers.put(
        "Accept",
        "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9,"
            + " */*;q=0.1");
    put(headers, "If-None-Match", from.etag());
    put(headers, "If-Modified-Since", from.lastModified());
    return switch (web.get(spec.url(), headers, limits.get(), sourceId)) {
      case Fetched.NoAnswer none -> new Result.Failed(none.detail(), null);
      case Fetched.Answer answer -> read(answer, from, sourceId);
    };
  }

  private static void put(Map<String, String> headers, String name, @Nullable String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }

  private Result read(Fetched.Answer answer, Source.Position from, String sourceId) {
    int status = answer.status();
    if (status == 304) {
      return unchanged(from, answer.movedTo());
    }
    if (status == 410) {
      return new Result.Gone("the feed is gone (410)");
    }
    if (status != 200) {
      return new Result.Failed("the feed answered " + status, answer.retryAfter());
    }
    String digest = "sha256:" + FeedParser.sha256(answer.body());
    Source.Position next =
        new Source.Position(
            digest,
            answer.header("ETag").orElse(null),
            answer.header("Last-Modified").orElse(null));
    if (digest.equals(from.cursor())) {
      return unchanged(next, answer.movedTo());
    }
    try {
      FeedParser.Parsed parsed =
          new FeedParser(answer.url(), sourceId, clock.instant())
              .parse(answer.body(), answer.header("Content-Type").orElse(null));
      return new Result.Collected(
          parsed.posts(),
          parsed.complete() ? next : Source.Position.START,
          parsed.rejected(),
          answer.movedTo());
    } catch (FeedDocument.UnreadableException unreadable) {
      return new Result.Failed(String.valueOf(unreadable.getMessage()), null);
    }
  }

  private static Result unchanged(Source.Position at, @Nullable URI movedTo) {
    return movedTo == null
        ? new Result.NotModified()
        : new Result.Collected(List.of(), at, List.of(), movedTo);
  }
}
