package io.pulsegrid.node.access;

import io.pulsegrid.core.source.Source;
import java.util.Optional;

/**
 * Sources with their credentials, for those who call platforms; nothing here goes near an API
 * answer or a log. Safe for use by many threads.
 */
public interface SourceSecrets {
  /** A source and what opens it. */
  record Unlocked(Source source, Source.Credentials credentials) {}

  /**
   * The source of any workspace; empty when there is none.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INTERNAL} when its credentials were
   *     sealed with another key
   */
  Optional<Unlocked> unlock(String sourceId);
}
