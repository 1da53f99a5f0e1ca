package io.pulsegrid.node.publish;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.store.ledger.Sendable;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Credentials of channels, opened once for as long as the ledger hands out the same sealed ones:
 * what was armed under others is sent under others. Losing them costs nothing but opening them
 * again. Safe for use by many threads.
 */
final class OpenedCredentials {
  private static final int MOST = 10_000;

  private final ChannelSecrets secrets;
  private final Map<String, Opened> opened = new ConcurrentHashMap<>();

  /** One channel's, with what they were opened from. */
  private static final class Opened {
    final byte[] sealed;
    final Channel.Credentials credentials;

    Opened(byte[] sealed, Channel.Credentials credentials) {
      this.sealed = sealed;
      this.credentials = credentials;
    }
  }

  OpenedCredentials(ChannelSecrets secrets) {
    this.secrets = secrets;
  }

  /**
   * The credentials that a delivery was armed with.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException as {@link ChannelSecrets#open}
   */
  Channel.Credentials of(Sendable sendable) {
    String channel = sendable.charge().delivery().channel();
    byte[] sealed = sendable.credentials().bytes();
    Opened known = opened.get(channel);
    if (known == null || !Arrays.equals(known.sealed, sealed)) {
      known = new Opened(sealed, secrets.open(channel, sealed));
      if (opened.size() >= MOST) {
        opened.clear();
      }
      opened.put(channel, known);
    }
    return known.credentials;
  }
}
