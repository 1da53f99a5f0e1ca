package io.pulsegrid.node.webhooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that is told, and answers as a test says. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private volatile ToIntFunction<Heard> answer = _ -> 204;

  /** One call as it came in. */
  public record Heard(String id, String timestamp, String signature, String body) {
    public JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    public long number() {
      return json().path("number").asLong();
    }

    /** As docs/publishing.md tells receivers to check it. */
    public boolean isSignedWith(String secret) throws Exception {
      byte[] key =
          secret.startsWith("whsec_")
              ? java.util.Base64.getDecoder().decode(secret.substring(6))
              : secret.getBytes(StandardCharsets.UTF_8);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] signed = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
      return ("v1," + java.util.Base64.getEncoder().encodeToString(mac.doFinal(signed)))
          .equals(signature);
    }
  }

  public Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::take);
    server.setExecutor(threads);
    server.start();
  }

  /** Every call, whatever it was answered. */
  public List<Heard> heard() {
    return List.copyOf(heard);
  }

  /** What is answered from now on. */
  public void answers(ToIntFunction<Heard> status) {
    answer = status;
  }

  public URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void take(HttpExchange exchange) throws IOException {
    Heard one =
        new Heard(
            String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id")),
            String.valueOf(exchange.getRequestHeaders().getFirst("webhook-timestamp")),
            String.valueOf(exchange.getRequestHeaders().getFirst("webhook-signature")),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    heard.add(one);
    int status = answer.applyAsInt(one);
    if (status == 302) {
      exchange.getResponseHeaders().add("Location", at("/elsewhere").toString());
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
