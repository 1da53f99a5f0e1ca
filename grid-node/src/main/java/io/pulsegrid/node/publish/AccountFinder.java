package io.pulsegrid.node.publish;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Publisher.Identity;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.store.channels.StoredAccounts;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks platforms whose accounts channels speak for, where they did not answer when the channel was
 * made or changed. A crash in here leaves the question to whoever asks when its lease is over.
 */
final class AccountFinder {
  private static final Logger log = LoggerFactory.getLogger(AccountFinder.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LEASE = TIMEOUT.plusSeconds(25);
  private static final Duration AGAIN = Duration.ofMinutes(10);

  /** A refused password that is tried too often locks its account. */
  private static final Duration AGAIN_REFUSED = Duration.ofHours(6);

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final StoredAccounts accounts;
  private final Map<String, Publisher> publishers;
  private final Clocks clocks;

  AccountFinder(StoredAccounts accounts, Map<String, Publisher> publishers, Clocks clocks) {
    this.accounts = accounts;
    this.publishers = publishers;
    this.clocks = clocks;
  }

  /** One question; whoever stops waits for no more than that. */
  Duration turn() {
    StoredAccounts.Asked asked = accounts.claimDue(LEASE).orElse(null);
    if (asked == null) {
      return EVERY;
    }
    ChannelSecrets.Unlocked unlocked = asked.unlocked();
    if (unlocked == null) {
      later(asked, "its credentials were sealed with another key", AGAIN);
    } else {
      ask(asked, unlocked);
    }
    return Duration.ZERO;
  }

  private void ask(StoredAccounts.Asked asked, ChannelSecrets.Unlocked unlocked) {
    Identity identity = identify(unlocked);
    switch (identity) {
      case Identity.Known _, Identity.Claimed _, Identity.None _ ->
          accounts
              .settle(asked, unlocked.channel(), identity)
              .ifPresent(why -> log.warn("Channel {} is paused: {}", asked.channel(), why));
      // It says so to the channel's calls as well, which see to it.
      case Identity.Refused(String detail) -> later(asked, detail, AGAIN_REFUSED);
      case Identity.Unknown(String detail) -> later(asked, detail, AGAIN);
    }
  }

  private void later(StoredAccounts.Asked asked, String detail, Duration pause) {
    log.debug("nobody says whose account channel {} speaks for: {}", asked.channel(), detail);
    accounts.again(asked, pause);
  }

  private Identity identify(ChannelSecrets.Unlocked unlocked) {
    Channel.Spec spec = unlocked.channel().spec();
    Publisher publisher = publishers.get(spec.platform());
    return publisher == null
        ? new Identity.Unknown("nothing can be asked on " + spec.platform())
        : publisher.identify(spec, unlocked.credentials(), Deadline.after(TIMEOUT, clocks));
  }
}
