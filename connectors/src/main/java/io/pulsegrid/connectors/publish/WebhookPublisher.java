package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.RetryAfterLimits;
import io.pulsegrid.connectors.webhook.SigningKey;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hands posts to whoever listens at an address, signed as Standard Webhooks has it: {@code
 * webhook-signature: v1,<base64 of HMAC-SHA256 of "id.timestamp.body">}. The id is the delivery's
 * key. Asked with GET and the same headers, a receiver tells whether it has taken that id.
 */
final class WebhookPublisher extends WebPublisher {
  private static final String SECRET = "secret";

  WebhookPublisher(Outside outside) {
    super(outside, new RetryAfterLimits());
  }

  @Override
  public String platform() {
    return "webhook";
  }

  @Override
  List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    List<FieldError> errors = secret(credentials, SECRET);
    if (!errors.isEmpty()) {
      return errors;
    }
    return SigningKey.fault(credentials.values().getOrDefault(SECRET, ""))
        .map(fault -> fault("credentials." + SECRET, fault))
        .orElse(List.of());
  }

  @Override
  List<Measure> measures(String text) {
    return List.of(length("", Texts.codePoints(text), "characters"));
  }

  @Override
  Outcome send(Exchange exchange) throws IOException, InterruptedException {
    String id = exchange.call().idempotencyKey();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("type", "post.publish").put("timestamp", exchange.now().toString());
    json.putObject("data")
        .put("id", id)
        .put("channel", exchange.call().channel().handle())
        .put("text", exchange.call().text());
    String body = json.toString();
    Heard heard = exchange.create(signed(exchange, body), Exchange.JSON, body);
    String said = heard.text("/error");
    if (heard.ok()) {
      String theirs = heard.text("/id");
      return exchange.created(heard, theirs.isEmpty() ? id : theirs, heard.text("/url"));
    }
    return heard.status() == 422 && !said.isEmpty()
        ? exchange.rejected(heard, said)
        : exchange.answered(heard, said);
  }

  /** Whoever listens there is nobody's account, and knows posts by their ids. */
  @Override
  Identity account(Exchange exchange) {
    return new Identity.None();
  }

  @Override
  String mark(String text) {
    return text;
  }

  @Override
  Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException {
    Heard heard = exchange.ask(signed(exchange, "").GET());
    String id = exchange.call().idempotencyKey();
    if (heard.status() == 404 && heard.text("/unknown").equals(id)) {
      return new Probe.NotFound(null);
    }
    if (heard.status() != 200 || heard.text("/id").isEmpty()) {
      throw exchange.unusable(heard, "the receiver does not say whether it took " + id);
    }
    String theirs = RecentPosts.id(heard.text("/id"));
    return recent.isClaimed(theirs)
        ? new Probe.Unknown("the receiver tells the id of another delivery")
        : new Probe.Found(theirs, Exchange.keptUrl(heard.text("/url")));
  }

  private static HttpRequest.Builder signed(Exchange exchange, String body) {
    HttpRequest.Builder request = Exchange.request(exchange.call().channel().baseUrl());
    SigningKey.of(exchange.secret(SECRET))
        .headers(exchange.call().idempotencyKey(), exchange.now(), body)
        .forEach(request::header);
    return request;
  }
}
