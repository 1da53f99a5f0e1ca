package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.publish.Channel;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/** LinkedIn's programmatic refresh tokens: a year long, for access tokens of sixty days. */
final class LinkedinRenewal extends WebRenewal {
  static final String REFRESH = "refreshToken";
  static final String CLIENT = "clientId";
  static final String CLIENT_SECRET = "clientSecret";

  /** RFC 6749 names these for what will pass. */
  private static final Set<String> PASSING = Set.of("server_error", "temporarily_unavailable");

  private static final Set<Integer> DENIALS = Set.of(400, 401, 403);

  LinkedinRenewal(Outside outside) {
    super(outside);
  }

  @Override
  public boolean renews(Channel.Credentials credentials) {
    return credentials.values().containsKey(REFRESH);
  }

  @Override
  URI door(URI baseUrl) {
    return "api.linkedin.com".equalsIgnoreCase(baseUrl.getHost())
        ? URI.create("https://www.linkedin.com")
        : baseUrl;
  }

  @Override
  Renewal ask(Exchange exchange) throws IOException, InterruptedException {
    Heard heard =
        exchange.ask(
            Exchange.request(
                Exchange.at(door(exchange.call().channel().baseUrl()), "/oauth/v2/accessToken")),
            Exchange.FORM,
            Texts.form(
                Map.of(
                    "grant_type",
                    "refresh_token",
                    "refresh_token",
                    exchange.secret(REFRESH),
                    "client_id",
                    exchange.secret(CLIENT),
                    "client_secret",
                    exchange.secret(CLIENT_SECRET))));
    if (heard.ok()) {
      return granted(exchange, heard, Map.of("access_token", ACCESS, "refresh_token", REFRESH));
    }
    String error = heard.text("/error");
    String said = Exchange.detail(heard, heard.text("/error_description"));
    // Only OAuth's own words are about the account; the rest is a server or a proxy in trouble.
    return DENIALS.contains(heard.status()) && !error.isEmpty() && !PASSING.contains(error)
        ? new Renewal.Refused(error + ": " + said)
        : new Renewal.Failed("HTTP " + heard.status() + ": " + said);
  }
}
