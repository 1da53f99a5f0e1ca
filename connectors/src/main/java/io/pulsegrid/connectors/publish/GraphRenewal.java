package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.publish.Channel;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Meta's exchange of a token that still holds for one that holds sixty days, or for good. There is
 * no way back from one that has ended: it has to be exchanged in time.
 */
final class GraphRenewal extends WebRenewal {
  static final String APP = "appId";
  static final String APP_SECRET = "appSecret";

  /** Meta's own trouble, and too many calls: graph-api/guides/error-handling. */
  private static final Set<Integer> PASSING = Set.of(0, 1, 2, 4, 17, 32, 341, 613);

  GraphRenewal(Outside outside) {
    super(outside);
  }

  @Override
  public boolean renews(Channel.Credentials credentials) {
    return credentials.values().containsKey(APP) && credentials.values().containsKey(APP_SECRET);
  }

  @Override
  URI door(URI baseUrl) {
    return baseUrl;
  }

  @Override
  Renewal ask(Exchange exchange) throws IOException, InterruptedException {
    String query =
        Texts.form(
            Map.of(
                "grant_type",
                "fb_exchange_token",
                "client_id",
                exchange.secret(APP),
                "client_secret",
                exchange.secret(APP_SECRET),
                "fb_exchange_token",
                exchange.secret(ACCESS)));
    Heard heard = exchange.ask(exchange.to("/oauth/access_token?" + query));
    if (heard.ok()) {
      return granted(exchange, heard, Map.of("access_token", ACCESS));
    }
    String said = Exchange.detail(heard, Graph.said(heard));
    boolean passes =
        PASSING.contains(Graph.code(heard))
            || heard.json().at("/error/is_transient").asBoolean(false);
    return passes || heard.status() >= 500
        ? new Renewal.Failed("HTTP " + heard.status() + ": " + said)
        : new Renewal.Refused(said);
  }
}
