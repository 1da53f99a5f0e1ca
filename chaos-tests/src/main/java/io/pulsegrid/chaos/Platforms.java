package io.pulsegrid.chaos;

import io.pulsegrid.chaos.node.Allowed;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** The stand-in platforms of a run, which are its judge as well; they outlive every fault. */
final class Platforms implements AutoCloseable {
  private final Sim sim;

  private Platforms(Sim sim) {
    this.sim = sim;
  }

  /** Starts them under the narrow limits. */
  static Platforms start() throws IOException, InterruptedException {
    return start(Allowed.NARROW);
  }

  /** Starts them on every address of this machine, with the limits that the nodes are told. */
  static Platforms start(Allowed allowed) throws IOException, InterruptedException {
    Platforms platforms = new Platforms(Sim.start(SimOptions.local(0).onHost("0.0.0.0")));
    try {
      platforms.send("PUT", "limits", allowed.forPlatform());
      return platforms;
    } catch (IOException e) {
      platforms.close();
      throw e;
    }
  }

  /** Lets calls go wrong from now on as {@code POST /sim/faults} says, and no other way. */
  void faults(String json) throws IOException, InterruptedException {
    send("DELETE", "faults", "");
    send("POST", "faults", json);
  }

  private void send(String method, String what, String json)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(local().resolve("/sim/" + what))
            .method(method, BodyPublishers.ofString(json))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      int status = http.send(request, BodyHandlers.discarding()).statusCode();
      if (status / 100 != 2) {
        throw new IOException("%s of %s was answered with %d".formatted(method, what, status));
      }
    }
  }

  /** Where they answer on this machine. */
  URI local() {
    return URI.create("http://127.0.0.1:" + sim.port());
  }

  int port() {
    return sim.port();
  }

  @Override
  public void close() {
    sim.close();
  }
}
