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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks platforms whose accounts channels speak for, where they did not answer when the channel was
 * made or changed. A crash in here leaves the question to whoever asks when its lease is over.
 */
final class AccountFinder {
  private static final Logger log = LoggerFactory.getLogger(AccountFinder.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration LEASE = TIMEOUT.plusSeconds(15);
  private static final Duration AGAIN = Duration.ofMinutes(10);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int A_TURN = 16;

  private final StoredAccounts accounts;
  private final Map<String, Publisher> publishers;
  private final Clocks clocks;

  AccountFinder(StoredAccounts accounts, Map<String, Publisher> publishers, Clocks clocks) {
    this.accounts = accounts;
    this.publishers = publishers;
    this.clocks = clocks;
  }

  Duration turn() {
    // One by one: each has its lease to itself.
    for (int i = 0; i < A_TURN; i++) {
      StoredAccounts.Asked asked = accounts.claimDue(LEASE).orElse(null);
      if (asked == null) {
        return EVERY;
      }
      ask(asked);
    }
    return Duration.ZERO;
  }

  private void ask(StoredAccounts.Asked asked) {
    switch (identify(asked.unlocked())) {
      case Identity.Known(String account) ->
          accounts
              .settle(asked, account)
              .ifPresent(why -> log.warn("Channel {} is paused: {}", asked.channel(), why));
      // What it says of refused ones it says to the channel's calls as well, which see to it.
      case Identity.Refused(String detail) -> later(asked, detail);
      case Identity.Unknown(String detail) -> later(asked, detail);
    }
  }

  private void later(StoredAccounts.Asked asked, String detail) {
    log.debug("nobody says whose account channel {} speaks for: {}", asked.channel(), detail);
    accounts.again(asked, AGAIN);
  }

  private Identity identify(ChannelSecrets.@Nullable Unlocked unlocked) {
    if (unlocked == null) {
      return new Identity.Unknown("its credentials were sealed with another key");
    }
    Channel.Spec spec = unlocked.channel().spec();
    Publisher publisher = publishers.get(spec.platform());
    return publisher == null
        ? new Identity.Unknown("nothing can be asked on " + spec.platform())
        : publisher.identify(spec, unlocked.credentials(), Deadline.after(TIMEOUT, clocks));
  }
}
