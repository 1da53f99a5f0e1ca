package io.pulsegrid.node.access;

import io.pulsegrid.core.publish.Channel;
import java.util.Collection;
import java.util.Map;

/**
 * Channels with their credentials, for those who call platforms; nothing here goes near an API
 * answer or a log. Safe for use by many threads.
 */
public interface ChannelSecrets {
  /** A channel and what opens its account. */
  record Unlocked(Channel channel, Channel.Credentials credentials) {}

  /**
   * The channels of any workspace by id, in one query; ids that no longer exist are absent.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INTERNAL} when credentials were
   *     sealed with another key
   */
  Map<String, Unlocked> unlock(Collection<String> channelIds);

  /**
   * Credentials as the column {@code channel.credentials} holds them, in the clear.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INTERNAL} when they were sealed
   *     with another key or for another channel
   */
  Channel.Credentials open(String channelId, byte[] sealed);

  /** Credentials as the column {@code channel.credentials} is to hold them. */
  byte[] seal(String channelId, Channel.Credentials credentials);
}
