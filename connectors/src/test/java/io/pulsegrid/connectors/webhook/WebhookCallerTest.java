package io.pulsegrid.connectors.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.webhook.WebhookCaller.Answer;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookCallerTest {
  private static final Clocks CLOCKS = new Clocks(System::nanoTime, InstantSource.system());
  private static final SigningKey KEY = SigningKey.of("a secret");

  private final HttpServer server;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final WebhookCaller caller = caller(new AddressPolicy(true, InetAddress::getAllByName));
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<String> body = new AtomicReference<>("");
  private final CountDownLatch over = new CountDownLatch(1);

  WebhookCallerTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          body.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          String path = exchange.getRequestURI().getPath().substring(1);
          switch (path) {
            case "silent" -> awaitTheEnd();
            case "drip" -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write('a');
              exchange.getResponseBody().flush();
              awaitTheEnd();
            }
            case "large" -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write(new byte[4 << 20]);
            }
            case "302" -> {
              exchange.getResponseHeaders().add("Location", at("200").toString());
              exchange.sendResponseHeaders(302, -1);
            }
            default -> exchange.sendResponseHeaders(Integer.parseInt(path), -1);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    over.countDown();
    server.stop(0);
    http.close();
  }

  @Test
  void twoHundredsAreYes() {
    assertThat(post(at("200"))).isInstanceOf(Answer.Taken.class);
    assertThat(post(at("204"))).isInstanceOf(Answer.Taken.class);
    assertThat(post(at("large"))).isInstanceOf(Answer.Taken.class);
    assertThat(body.get()).isEqualTo("{\"a\":\"é\"}");
  }

  @Test
  void anythingElseIsNotYetAndOnlyGoneIsForGood() {
    assertThat(post(at("500"))).isEqualTo(new Answer.NotTaken("HTTP 500", false));
    assertThat(post(at("400"))).isEqualTo(new Answer.NotTaken("HTTP 400", false));
    assertThat(post(at("410"))).isEqualTo(new Answer.NotTaken("HTTP 410", true));
    assertThat(post(at("302"))).isEqualTo(new Answer.NotTaken("HTTP 302", false));
    assertThat(calls).hasValue(4);
  }

  @Test
  void waitsNoLongerThanItsDeadlineForTheWholeAnswer() {
    for (String path : new String[] {"silent", "drip"}) {
      assertThat(caller.post(at(path), KEY, "id", "{}", within(Duration.ofSeconds(2))))
          .isEqualTo(new Answer.NotTaken("no answer in time", false));
    }
    assertThat(caller.post(at("200"), KEY, "id", "{}", within(Duration.ZERO)))
        .isEqualTo(new Answer.NotTaken("its time was over before the call", false));
    assertThat(calls).hasValue(2);
  }

  @Test
  void sayWhatCannotBeReached() {
    server.stop(0);
    assertThat(post(at("200")))
        .isInstanceOfSatisfying(
            Answer.NotTaken.class,
            no -> assertThat(no.detail()).startsWith("could not connect to"));
  }

  @Test
  void askThePolicyBeforeEachCall() {
    assertThat(
            caller(new AddressPolicy(false, InetAddress::getAllByName))
                .post(at("200"), KEY, "id", "{}", within(Duration.ofSeconds(5))))
        .isInstanceOfSatisfying(
            Answer.NotTaken.class,
            no -> assertThat(no.detail()).contains("private address").endsWith("false"));
    assertThat(
            caller(
                    new AddressPolicy(
                        false,
                        host -> {
                          throw new UnknownHostException(host);
                        }))
                .post(at("200"), KEY, "id", "{}", within(Duration.ofSeconds(5))))
        .isInstanceOf(Answer.NotTaken.class);
    assertThat(calls).hasValue(0);
    try (HttpClient follows =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build()) {
      AddressPolicy any = new AddressPolicy(true, InetAddress::getAllByName);
      assertThatThrownBy(() -> new WebhookCaller(follows, any, InstantSource.system()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private Answer post(URI url) {
    return caller.post(url, KEY, "id", "{\"a\":\"é\"}", within(Duration.ofSeconds(10)));
  }

  private WebhookCaller caller(AddressPolicy addresses) {
    return new WebhookCaller(http, addresses, InstantSource.system());
  }

  private static Deadline within(Duration time) {
    return Deadline.after(time, CLOCKS);
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path);
  }

  private void awaitTheEnd() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
