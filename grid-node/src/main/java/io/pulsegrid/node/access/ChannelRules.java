package io.pulsegrid.node.access;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Publisher.Identity;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a channel must be to be accepted: a known platform, content with what its account needs. */
public final class ChannelRules {
  private static final int MAX_HANDLE = 255;

  /** As long as a person waits for an answer without wondering. */
  private static final Duration TO_IDENTIFY = Duration.ofSeconds(5);

  private final Map<String, Publisher> publishers;
  private final Addresses addresses;
  private final Clocks clocks;

  /** Which addresses a node may call. */
  @FunctionalInterface
  public interface Addresses {
    /** Why an address must not be called; empty when it may. */
    Optional<String> refusal(URI address);
  }

  public ChannelRules(
      Collection<? extends Publisher> publishers, Addresses addresses, Clocks clocks) {
    this.publishers = new TreeMap<>();
    publishers.forEach(publisher -> this.publishers.put(publisher.platform(), publisher));
    this.addresses = addresses;
    this.clocks = clocks;
  }

  /**
   * Refuses a channel that could not be used, as far as that can be told without asking anyone.
   *
   * @throws PulsegridException {@code INVALID}, naming every field at fault
   */
  public void check(Channel.Spec spec, Channel.Credentials credentials) {
    refuse(faults(spec, credentials));
  }

  /**
   * Refuses a channel that could not be used or must not be called. Resolves its name, so it may
   * wait: never within a transaction.
   *
   * @param credentials null leaves them, and what else the platform asks for, to {@link #check}
   * @throws PulsegridException {@code INVALID}, naming every field at fault
   */
  public void checkAddress(Channel.Spec spec, Channel.@Nullable Credentials credentials) {
    List<FieldError> errors = credentials == null ? new ArrayList<>() : faults(spec, credentials);
    if (errors.stream().noneMatch(error -> error.field().equals("baseUrl"))) {
      addresses
          .refusal(spec.baseUrl())
          .ifPresent(reason -> errors.add(new FieldError("baseUrl", reason)));
    }
    refuse(errors);
  }

  /**
   * Asks the platform whose account these credentials open; waits for it, but not for long.
   *
   * @param credentials some that were {@link #check checked}
   */
  public Identity identify(Channel.Spec spec, Channel.Credentials credentials) {
    Publisher publisher = publishers.get(spec.platform());
    return publisher == null
        ? new Identity.Unknown("there is no platform " + spec.platform())
        : publisher.identify(spec, credentials, Deadline.after(TO_IDENTIFY, clocks));
  }

  /** Whether these credentials hold what it takes to renew them. */
  public boolean renews(Channel.Spec spec, Channel.Credentials credentials) {
    return Optional.ofNullable(publishers.get(spec.platform()))
        .flatMap(Publisher::renewal)
        .filter(renewal -> renewal.renews(credentials))
        .isPresent();
  }

  private List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    Publisher publisher = publishers.get(spec.platform());
    if (publisher == null) {
      throw PulsegridException.invalid(
          "platform", "must be one of " + publishers.keySet() + ", was " + spec.platform());
    }
    List<FieldError> errors = new ArrayList<>(publisher.check(spec, credentials));
    if (spec.handle().isBlank() || spec.handle().length() > MAX_HANDLE) {
      errors.add(new FieldError("handle", "must be 1 to " + MAX_HANDLE + " characters"));
    }
    return errors;
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
  }
}
