package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.AddressPolicy.Verdict;
import io.pulsegrid.connectors.limits.Dialect;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.time.Deadline;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What all connectors have in common: where they may call, until when, and what it means that a
 * call broke off. A platform adds what it accepts, how it is told to create a post, and how it is
 * asked for one.
 */
abstract class WebPublisher implements Publisher {
  private final Outside outside;
  private final Dialect dialect;

  WebPublisher(Outside outside, Dialect dialect) {
    this.outside = outside;
    this.dialect = dialect;
  }

  /** Creates the post by one {@link Exchange#create}; anything before that creates nothing. */
  abstract Outcome send(Exchange exchange) throws Ended, IOException, InterruptedException;

  /** Asks whether the post of an earlier call is there. */
  abstract Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException;

  /**
   * Whose account the credentials open, in words that no other account of the platform shares,
   * whatever server it is on.
   */
  abstract Identity account(Exchange exchange) throws Ended, IOException, InterruptedException;

  /**
   * What tells a post of this text from others where {@link #look} goes by what the platform shows
   * of it: all of that and no more. The text itself where it goes by a key.
   */
  abstract String mark(String text);

  /** What is wrong with the credentials, or else with the channel, by this platform's own rules. */
  abstract List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials);

  /** What the platform counts of a text, its length first. */
  abstract List<Measure> measures(String text);

  /** What is wrong with a text that is not blank, besides having too much of anything. */
  List<FieldError> faults(String text) {
    return List.of();
  }

  @Override
  public final List<FieldError> check(Channel.Spec spec, Channel.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>(address(spec.baseUrl()));
    errors.addAll(faults(spec, credentials));
    return errors;
  }

  @Override
  public final List<FieldError> check(Channel.Spec spec, String text) {
    if (text.isBlank()) {
      return fault("text", "must not be blank");
    }
    List<FieldError> errors = new ArrayList<>(faults(text));
    for (Measure measure : measures(text)) {
      measure.fault().ifPresent(message -> errors.addAll(fault("text", message)));
    }
    return errors;
  }

  @Override
  public final List<Measure> measure(Channel.Spec spec, String text) {
    return measures(text);
  }

  @Override
  public final boolean confuses(String text, String other) {
    return !text.equals(other) && mark(text).equals(mark(other));
  }

  @Override
  public final Answer publish(Call call) {
    switch (outside.addresses().judge(call.channel().baseUrl())) {
      case Verdict.Open _ -> {}
      case Verdict.Forbidden(String why) -> {
        return new Answer(new Outcome.Rejected(0, "baseUrl " + why), null);
      }
      // The name server may be away for a moment: nothing was asked and nothing refused.
      case Verdict.Unresolved(String why) -> {
        return new Answer(new Outcome.Transient(0, "baseUrl " + why), null);
      }
    }
    if (call.deadline().hasPassed()) {
      return new Answer(new Outcome.Transient(0, "out of time before the first byte"), null);
    }
    Exchange exchange = new Exchange(outside, dialect, call);
    return new Answer(outcome(exchange), exchange.allowance());
  }

  private Outcome outcome(Exchange exchange) {
    try {
      return send(exchange);
    } catch (Ended e) {
      return e.outcome();
    } catch (IOException e) {
      return exchange.cutShort(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return exchange.cutShort(e);
    }
  }

  @Override
  public final Probe probe(Call call, Instant firstCallAt, Set<String> claimed) {
    Optional<String> refusal = outside.addresses().refusal(call.channel().baseUrl());
    if (refusal.isPresent()) {
      return new Probe.Unknown("baseUrl " + refusal.get());
    }
    Exchange exchange = new Exchange(outside, dialect, call);
    try {
      return look(exchange, new RecentPosts(exchange, firstCallAt, claimed));
    } catch (Ended e) {
      return new Probe.Unknown(
          e.outcome().detail(), e.outcome() instanceof Outcome.Throttled it ? it : null);
    } catch (IOException e) {
      return new Probe.Unknown(exchange.describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Probe.Unknown("interrupted");
    }
  }

  @Override
  public final Identity identify(
      Channel.Spec spec, Channel.Credentials credentials, Deadline deadline) {
    Optional<String> refusal = outside.addresses().refusal(spec.baseUrl());
    if (refusal.isPresent()) {
      return new Identity.Unknown("baseUrl " + refusal.get());
    }
    Exchange exchange =
        new Exchange(outside, dialect, new Call(spec, credentials, "", "", deadline, null));
    try {
      return kept(account(exchange));
    } catch (Ended e) {
      // 403 may be said of whoever asks from here, or of the question alone.
      return e.outcome() instanceof Outcome.Unauthorized refused && refused.httpStatus() != 403
          ? new Identity.Refused(refused.detail())
          : new Identity.Unknown(e.outcome().detail());
    } catch (IllegalArgumentException unsayable) {
      // What a server gave us does not fit into a header: a token with a line break in it.
      return new Identity.Unknown("the platform's answer cannot be used");
    } catch (IOException e) {
      return new Identity.Unknown(exchange.describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Identity.Unknown("interrupted");
    }
  }

  final Outside outside() {
    return outside;
  }

  private static Identity kept(Identity identity) {
    boolean keepable =
        switch (identity) {
          case Identity.Known(String account) -> Exchange.keptId(account).isPresent();
          case Identity.Claimed(String account) -> Exchange.keptId(account).isPresent();
          case Identity.None _, Identity.Refused _, Identity.Unknown _ -> true;
        };
    return keepable ? identity : new Identity.Unknown("the account's name is too long, or no text");
  }

  /**
   * An account, with the server that says so: others may number theirs alike, and anybody may say
   * anything on a server of his own.
   */
  static Identity known(Exchange exchange, String id) {
    URI baseUrl = exchange.call().channel().baseUrl();
    String host = baseUrl.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    int port = baseUrl.getPort();
    boolean usual = port < 0 || port == ("https".equalsIgnoreCase(baseUrl.getScheme()) ? 443 : 80);
    return new Identity.Known(id + "@" + host + (usual ? "" : ":" + port));
  }

  static List<FieldError> fault(String field, String message) {
    return List.of(new FieldError(field, message));
  }

  /**
   * A length that the settings bound.
   *
   * @param unit how the platform counts, as in "characters (a link is 23)"
   */
  final Measure length(String part, long count, String unit) {
    OptionalInt most = outside.lengths().most(platform());
    return new Measure(part, count, most.isPresent() ? most.getAsInt() : null, unit);
  }

  /** Refuses a secret that is missing, or that no header could carry. */
  static List<FieldError> secret(Channel.Credentials credentials, String name) {
    String field = "credentials." + name;
    String value = credentials.values().get(name);
    if (value == null || value.isBlank()) {
      return fault(field, "must be given");
    }
    return value.chars().allMatch(c -> c > ' ' && c < 127)
        ? List.of()
        : fault(field, "must be printable ASCII without spaces");
  }

  private static List<FieldError> address(URI baseUrl) {
    String scheme = String.valueOf(baseUrl.getScheme()).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("https") || scheme.equals("http")) || baseUrl.getHost() == null) {
      return fault("baseUrl", "must be a server's address, such as https://mastodon.social");
    }
    return baseUrl.getRawQuery() != null || baseUrl.getRawFragment() != null
        ? fault("baseUrl", "must end before ? and #: paths of the API go behind it")
        : List.of();
  }
}
