package io.pulsegrid.api.web;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Idempotency;
import io.pulsegrid.core.failure.PulsegridException;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The writing of answers: single resources with their ETag, and POSTs at most once a key. */
@Component
public final class Answers {
  /** The header that makes a POST safe to repeat. */
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private static final int LONGEST_KEY = 255;

  private final Idempotency idempotency;
  private final JsonMapper json;

  Answers(Idempotency idempotency, JsonMapper json) {
    this.idempotency = idempotency;
    this.json = json;
  }

  /** A single resource with its ETag; Spring answers 304 where the caller has it already. */
  public ResponseEntity<byte[]> single(@Nullable Long version, Object body) {
    byte[] written = json.writeValueAsBytes(body);
    return ResponseEntity.ok()
        .eTag(ETags.of(version, written))
        .contentType(MediaType.APPLICATION_JSON)
        .body(written);
  }

  /**
   * Runs a POST, or answers as its first run did when the caller's Idempotency-Key was seen before.
   *
   * @param action runs in the transaction that keeps the key; what it throws keeps nothing
   */
  public ResponseEntity<byte[]> once(
      Caller caller, HttpServletRequest request, Supplier<Reply> action) {
    return respond(once(caller, request.getHeader(IDEMPOTENCY_KEY), () -> digest(request), action));
  }

  /**
   * The same where something must be asked outside of any transaction: not again for a replay,
   * which is answered whatever would be said by now.
   *
   * @param ask may wait; what it throws keeps nothing
   */
  public <T> ResponseEntity<byte[]> once(
      Caller caller, HttpServletRequest request, Supplier<T> ask, Function<T, Reply> action) {
    String key = request.getHeader(IDEMPOTENCY_KEY);
    Optional<Idempotency.Answer> before =
        key == null ? Optional.empty() : idempotency.find(caller, checked(key), digest(request));
    if (before.isPresent()) {
      return respond(before.get());
    }
    T asked = ask.get();
    return once(caller, request, () -> action.apply(asked));
  }

  /**
   * The same for a call that did not come by HTTP.
   *
   * @param key the caller's idempotency key; null for none
   * @param digest tells this call from another under the same key
   */
  public Idempotency.Answer once(
      Caller caller, @Nullable String key, Supplier<byte[]> digest, Supplier<Reply> action) {
    Supplier<Idempotency.Answer> written = () -> write(action.get());
    if (key == null) {
      return written.get();
    }
    return idempotency.once(caller, checked(key), digest.get(), written);
  }

  private static String checked(String key) {
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw PulsegridException.invalid(IDEMPOTENCY_KEY, "must have 1 to 255 characters");
    }
    return key;
  }

  /** The same status and headers around another body, for what must be shown but never kept. */
  public ResponseEntity<byte[]> instead(ResponseEntity<byte[]> kept, Object body) {
    return ResponseEntity.status(kept.getStatusCode())
        .headers(kept.getHeaders())
        .body(json.writeValueAsBytes(body));
  }

  private Idempotency.Answer write(Reply reply) {
    Map<String, String> headers = new LinkedHashMap<>();
    String location = reply.location();
    if (location != null) {
      headers.put(HttpHeaders.LOCATION, location);
    }
    Object content = reply.body();
    if (content == null) {
      return new Idempotency.Answer(reply.status(), headers, "");
    }
    String body = json.writeValueAsString(content);
    if (reply.status() == 201) {
      headers.put(
          HttpHeaders.ETAG, ETags.of(reply.version(), body.getBytes(StandardCharsets.UTF_8)));
    }
    return new Idempotency.Answer(reply.status(), headers, body);
  }

  private static ResponseEntity<byte[]> respond(Idempotency.Answer answer) {
    ResponseEntity.BodyBuilder response = ResponseEntity.status(answer.status());
    answer.headers().forEach(response::header);
    return answer.body().isEmpty()
        ? response.build()
        : response
            .contentType(MediaType.APPLICATION_JSON)
            .body(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] digest(HttpServletRequest request) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      String query = request.getQueryString();
      String line =
          request.getMethod() + ' ' + request.getRequestURI() + (query == null ? "" : '?' + query);
      sha.update(line.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
      return sha.digest(BoundedBody.of(request));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
