package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.Fetched;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.http.RetryAfter;
import io.pulsegrid.connectors.limits.Dialect;
import io.pulsegrid.connectors.limits.Told;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.Source;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** All calls of one visit to an API, within its deadline and its limits. Used by one thread. */
final class Visit {
  /** A visit is several calls; it may take as long as this many of the slowest allowed. */
  private static final int CALLS_OF_TIME = 4;

  private static final Duration UNTOLD_PAUSE = Duration.ofMinutes(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(25);
  private static final int MOST_DETAIL = 200;

  private final Reach reach;
  private final Dialect dialect;
  private final Party party;
  private final FetchLimits limits;
  private final Instant deadline;

  /**
   * Who visits.
   *
   * @param kind of source
   * @param id the source or channel on whose behalf
   * @param patient whether it leaves half of each limit to those that cannot wait
   */
  record Party(String kind, String id, Source.Credentials credentials, boolean patient) {}

  Visit(Reach reach, Dialect dialect, Party party) {
    this.reach = reach;
    this.dialect = dialect;
    this.party = party;
    this.limits = reach.limits().apply(party.kind());
    this.deadline = reach.clock().instant().plus(limits.timeout().multipliedBy(CALLS_OF_TIME));
  }

  Source.Credentials credentials() {
    return party.credentials();
  }

  String id() {
    return party.id();
  }

  Instant now() {
    return reach.clock().instant();
  }

  /**
   * Asks once the limit leaves room.
   *
   * @param action the limit that this counts against
   * @param holder whom the platform counts
   * @throws Stopped when nobody answers, or not now
   */
  Heard ask(Ask ask, String action, String holder) throws Stopped {
    FetchLimits left = left();
    Quota.Bucket bucket = new Quota.Bucket(party.kind(), action, holder, party.patient());
    return switch (reach.quota().ask(bucket, left.timeout())) {
      case Quota.Leave.Held held -> throw new Stopped(held(held.why(), held.until()));
      case Quota.Leave.Granted granted -> asked(ask, left, granted);
    };
  }

  private Heard asked(Ask ask, FetchLimits left, Quota.Leave.Granted granted) throws Stopped {
    Told told = Told.NOTHING;
    try {
      return switch (reach.web().ask(ask, left, party.id())) {
        case Fetched.NoAnswer none -> throw failed(none.detail());
        case Fetched.Answer answer -> {
          Heard heard = answer.heard();
          told = dialect.read(heard, now());
          if (dialect.throttles(heard)) {
            @Nullable Instant until = told.blockedUntil();
            throw new Stopped(
                held(refusal(heard), until == null ? now().plus(UNTOLD_PAUSE) : until));
          }
          yield heard;
        }
      };
    } finally {
      granted.ended().accept(told);
    }
  }

  private Result held(String why, Instant until) {
    Instant longest = now().plus(LONGEST_PAUSE);
    return new Result.Held(why, until.isAfter(longest) ? longest : until);
  }

  private FetchLimits left() throws Stopped {
    Duration time = Duration.between(now(), deadline);
    if (!time.isPositive() || Thread.currentThread().isInterrupted()) {
      throw failed("no time left for another call");
    }
    return new FetchLimits(
        time.compareTo(limits.timeout()) < 0 ? time : limits.timeout(), limits.maxBytes());
  }

  static Stopped failed(String detail) {
    return new Stopped(new Result.Failed(detail, null));
  }

  /** Takes nothing but 200; what else an answer means holds for every API. */
  Heard good(Heard heard) throws Stopped {
    if (heard.ok()) {
      return heard;
    }
    throw new Stopped(
        heard.status() == 410
            ? new Result.Gone(refusal(heard))
            : new Result.Failed(
                refusal(heard),
                heard
                    .header("Retry-After")
                    .flatMap(text -> RetryAfter.parse(text, now()))
                    .orElse(null)));
  }

  /** What an answer that is none says, in one line. */
  private static String refusal(Heard heard) {
    String said = "";
    for (String pointer :
        new String[] {"/error/message", "/message", "/error_description", "/error"}) {
      said = said.isEmpty() ? heard.text(pointer) : said;
    }
    String line = PlainText.line(said).map(text -> ": " + text).orElse("");
    String whose =
        heard.status() == 401 || heard.status() == 403 ? "it refuses, or asks for credentials" : "";
    return "it answered "
        + heard.status()
        + (whose.isEmpty() ? "" : " (" + whose + ")")
        + PlainText.cut(line, MOST_DETAIL);
  }
}
