package io.pulsegrid.core.publish;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one call to a platform came to, as far as we can know. */
public sealed interface Outcome {
  /** The platform's HTTP status; 0 when none arrived. */
  int httpStatus();

  /** What the platform said, for a person to read. */
  String detail();

  /** It is there, under this id. */
  record Accepted(String remoteId, @Nullable String remoteUrl, int httpStatus, String detail)
      implements Outcome {}

  /** Refused for what it is; trying again would not help. */
  record Rejected(int httpStatus, String detail) implements Outcome {}

  /**
   * Not now: the platform's limit; nothing was created, and no attempt is spent.
   *
   * @param ofApp whether the limit is the one that all accounts of the platform's app share
   */
  record Throttled(Instant until, int httpStatus, String detail, boolean ofApp) implements Outcome {
    /** Held back by the limit of one account. */
    public Throttled(Instant until, int httpStatus, String detail) {
      this(until, httpStatus, detail, false);
    }
  }

  /** The credentials do not open the door; nothing was created. */
  record Unauthorized(int httpStatus, String detail) implements Outcome {}

  /** Failed, and surely nothing was created: refused connection, 5xx before the body was sent. */
  record Transient(int httpStatus, String detail) implements Outcome {}

  /** Failed, and it may be there all the same: timeout, reset, 5xx after the body was sent. */
  record Ambiguous(int httpStatus, String detail) implements Outcome {}
}
