package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.AddressPolicy.Verdict;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.RetryAfterLimits;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Publisher.Call;
import io.pulsegrid.core.publish.TokenRenewal;
import io.pulsegrid.core.time.Deadline;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What all renewals have in common: where they may call, and that a call which breaks off, or a
 * server which fails, says nothing of the account.
 */
abstract class WebRenewal implements TokenRenewal {
  static final String ACCESS = "accessToken";

  private final Outside outside;

  WebRenewal(Outside outside) {
    this.outside = outside;
  }

  /** Where the platform gives out tokens. */
  abstract URI door(URI baseUrl);

  /** Asks for a token and reads the answer. */
  abstract Renewal ask(Exchange exchange) throws IOException, InterruptedException;

  @Override
  public final Renewal renew(
      Channel.Spec channel, Channel.Credentials credentials, Deadline deadline) {
    switch (outside.addresses().judge(door(channel.baseUrl()))) {
      case Verdict.Open _ -> {}
      case Verdict.Forbidden(String why) -> {
        return new Renewal.Refused("baseUrl " + why);
      }
      case Verdict.Unresolved(String why) -> {
        return new Renewal.Failed("baseUrl " + why);
      }
    }
    Exchange exchange =
        new Exchange(
            outside,
            new RetryAfterLimits(),
            new Call(channel, credentials, "", "", deadline, null));
    try {
      return ask(exchange);
    } catch (IOException e) {
      return new Renewal.Failed(exchange.describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Renewal.Failed("interrupted");
    }
  }

  /** An answer with a token in it, as OAuth has it; what it does not name stays as it was. */
  static Renewal granted(Exchange exchange, Heard heard, Map<String, String> named) {
    Map<String, String> values = new HashMap<>(exchange.call().credentials().values());
    named.forEach(
        (field, secret) -> {
          if (!heard.text("/" + field).isEmpty()) {
            values.put(secret, heard.text("/" + field));
          }
        });
    Channel.Credentials fresh = new Channel.Credentials(values);
    if (heard.text("/access_token").isEmpty() || !WebPublisher.secret(fresh, ACCESS).isEmpty()) {
      return new Renewal.Failed("the answer is broken: no token in it");
    }
    long seconds = heard.json().path("expires_in").asLong(0);
    return new Renewal.Renewed(fresh, seconds > 0 ? Duration.ofSeconds(seconds) : null);
  }
}
