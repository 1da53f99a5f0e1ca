package io.pulsegrid.sim.posts;

import io.pulsegrid.sim.fault.Platform;
import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.judge.Ledger;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A platform that clients post on, with what has been posted there. */
public abstract class PostingPlatform implements Platform {
  private final Limits.Action publish;
  private final Books books;
  private final Posts posts;
  private final Sessions sessions = new Sessions();

  /** What is kept of all platforms together. */
  public record Books(Limits limits, Ledger ledger, InstantSource clock) {}

  protected PostingPlatform(Limits.Action publish, Books books) {
    this.publish = publish;
    this.books = books;
    this.posts = new Posts(books.limits(), publish, books.ledger());
  }

  @Override
  public final String name() {
    return publish.platform();
  }

  @Override
  public void expire(Request request) {
    request.bearer().ifPresent(sessions::end);
  }

  protected final Posts posts() {
    return posts;
  }

  /** The tokens that it gives out, and those that ended. */
  protected final Sessions sessions() {
    return sessions;
  }

  protected final Instant now() {
    return books.clock().instant();
  }

  /** Where an account stands; takes nothing. */
  protected final Standing standing(String account) {
    return books.limits().look(publish, account, now());
  }

  /** Whole seconds until then, as Retry-After tells them. */
  protected final String secondsUntil(Instant reset) {
    return String.valueOf(Math.max(1, Duration.between(now(), reset).plusMillis(999).toSeconds()));
  }
}
