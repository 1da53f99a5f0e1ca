package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.BlueskyLimits;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes posts in a Bluesky repository, under a record key that is chosen once for each
 * delivery: a second record under it is refused for good, so that the key answers every doubt.
 */
final class BlueskyPublisher extends WebPublisher {
  private static final String PASSWORD = "appPassword";
  private static final String COLLECTION = "app.bsky.feed.post";
  private static final int MOST_BYTES = 3_000;

  /** A key is never free again; how long that is relied on. */
  private static final Duration KEY_MEMORY = Duration.ofDays(2);

  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "InvalidToken");

  private final Kept<Session> sessions = new Kept<>();

  /** Leave to write in the repository {@code did}. */
  private record Session(String did, String access, String refresh) {
    @Override
    public String toString() {
      return "Session[" + did + "]";
    }
  }

  BlueskyPublisher(Outside outside) {
    super(outside, new BlueskyLimits());
  }

  @Override
  public String platform() {
    return "bluesky";
  }

  @Override
  List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    return secret(credentials, PASSWORD);
  }

  @Override
  List<Measure> measures(String text) {
    return List.of(
        length("", Texts.characters(text), "characters as a reader sees them"),
        new Measure("", Texts.bytes(text), MOST_BYTES, "bytes"));
  }

  @Override
  Outcome send(Exchange exchange) throws Ended, IOException, InterruptedException {
    Session session = session(exchange);
    String record = record(exchange, session);
    Heard heard = create(exchange, session, record);
    if (isExpired(heard)) {
      // Refused before anything was written.
      exchange.madeNothing();
      session = renewed(exchange, session);
      heard = create(exchange, session, record);
    }
    String error = heard.text("/error");
    String said = heard.text("/message").isEmpty() ? error : heard.text("/message");
    if (heard.status() == 200) {
      return exchange.created(heard, heard.text("/uri"), url(exchange));
    }
    if (isExpired(heard) || error.equals("AuthMissing") || error.equals("AccountTakedown")) {
      return new Outcome.Unauthorized(heard.status(), Exchange.detail(heard, said));
    }
    // The record itself was read and refused. Other words of a 400 may come from a proxy.
    return heard.status() == 400 && said.startsWith("Invalid " + COLLECTION + " record")
        ? exchange.rejected(heard, said)
        : exchange.answered(heard, said);
  }

  @Override
  Identity account(Exchange exchange) throws Ended, IOException, InterruptedException {
    // Anew: a session outlasts its password.
    @Nullable Session open = sessions.of(exchange.call());
    Session session = sessions.insteadOf(open, exchange.call(), () -> signedIn(exchange));
    return known(exchange, RecentPosts.id(session.did()));
  }

  @Override
  String mark(String text) {
    return text;
  }

  @Override
  Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException {
    Session session = session(exchange);
    Heard heard =
        exchange.ask(
            exchange.to(
                "/xrpc/com.atproto.repo.getRecord?repo=%s&collection=%s&rkey=%s"
                    .formatted(Texts.encoded(session.did()), COLLECTION, key(exchange))));
    if (heard.status() == 400 && heard.text("/error").equals("RecordNotFound")) {
      return new Probe.NotFound(recent.enforced(KEY_MEMORY));
    }
    if (heard.status() != 200) {
      throw exchange.unusable(heard, Exchange.detail(heard, heard.text("/message")));
    }
    String uri = RecentPosts.id(heard.text("/uri"));
    if (recent.isClaimed(uri) || !heard.text("/value/text").equals(exchange.call().text())) {
      return new Probe.Unknown("another post stands under the record key " + key(exchange));
    }
    return new Probe.Found(uri, url(exchange));
  }

  private Session session(Exchange exchange) throws Ended, IOException, InterruptedException {
    @Nullable Session open = sessions.of(exchange.call());
    return open == null
        ? sessions.insteadOf(null, exchange.call(), () -> signedIn(exchange))
        : open;
  }

  private Session renewed(Exchange exchange, Session old)
      throws Ended, IOException, InterruptedException {
    return sessions.insteadOf(old, exchange.call(), () -> refreshed(exchange, old));
  }

  private static Session refreshed(Exchange exchange, Session old)
      throws Ended, IOException, InterruptedException {
    Heard heard =
        exchange.ask(
            exchange
                .to("/xrpc/com.atproto.server.refreshSession")
                .header("Authorization", "Bearer " + old.refresh())
                .POST(BodyPublishers.noBody()));
    if (heard.ok()) {
      return opened(heard);
    }
    // Only a refresh token that is spent asks for the password again: what fails in passing says
    // nothing of the account.
    if (isExpired(heard) || heard.status() == 401) {
      return signedIn(exchange);
    }
    throw new Ended(exchange.unprepared(heard, heard.text("/message")));
  }

  private static Session signedIn(Exchange exchange)
      throws Ended, IOException, InterruptedException {
    ObjectNode body =
        JsonMapper.shared()
            .createObjectNode()
            .put("identifier", handle(exchange))
            .put("password", exchange.secret(PASSWORD));
    Heard heard =
        exchange.ask(
            exchange.to("/xrpc/com.atproto.server.createSession"), Exchange.JSON, body.toString());
    if (!heard.ok()) {
      throw new Ended(exchange.unprepared(heard, heard.text("/message")));
    }
    return opened(heard);
  }

  private static Session opened(Heard heard) throws Unusable {
    Session session =
        new Session(heard.text("/did"), heard.text("/accessJwt"), heard.text("/refreshJwt"));
    if (session.did().isEmpty() || session.access().isEmpty()) {
      throw new Unusable("a session without did or token");
    }
    return session;
  }

  private static Heard create(Exchange exchange, Session session, String record)
      throws IOException, InterruptedException {
    return exchange.create(
        exchange
            .to("/xrpc/com.atproto.repo.createRecord")
            .header("Authorization", "Bearer " + session.access()),
        Exchange.JSON,
        record);
  }

  private static boolean isExpired(Heard heard) {
    return (heard.status() == 400 || heard.status() == 401)
        && EXPIRED.contains(heard.text("/error"));
  }

  private static String record(Exchange exchange, Session session) {
    String text = exchange.call().text();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("repo", session.did()).put("collection", COLLECTION).put("rkey", key(exchange));
    ObjectNode record = json.putObject("record");
    record.put("$type", COLLECTION).put("text", text);
    record.put("createdAt", exchange.now().truncatedTo(ChronoUnit.MILLIS).toString());
    ArrayNode facets = record.putArray("facets");
    Texts.LINKS.matcher(text).results().forEach(link -> facets.add(facet(text, link)));
    return json.toString();
  }

  /** A link as readers can follow it: its place is counted in bytes. */
  private static ObjectNode facet(String text, MatchResult link) {
    int start = Texts.bytes(text.substring(0, link.start()));
    ObjectNode facet = JsonMapper.shared().createObjectNode();
    facet
        .putObject("index")
        .put("byteStart", start)
        .put("byteEnd", start + Texts.bytes(link.group()));
    facet
        .putArray("features")
        .addObject()
        .put("$type", "app.bsky.richtext.facet#link")
        .put("uri", link.group());
    return facet;
  }

  private static String key(Exchange exchange) {
    return RecordKey.of(exchange.call().idempotencyKey());
  }

  private static String handle(Exchange exchange) {
    String handle = exchange.call().channel().handle();
    return handle.startsWith("@") ? handle.substring(1) : handle;
  }

  private static String url(Exchange exchange) {
    return "https://bsky.app/profile/" + handle(exchange) + "/post/" + key(exchange);
  }
}
