package io.pulsegrid.chaos;

import io.pulsegrid.chaos.node.Settings;
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

  /** Starts them on every address of this machine, with the limits that the nodes are told. */
  static Platforms start() throws IOException, InterruptedException {
    Platforms platforms = new Platforms(Sim.start(SimOptions.local(0).onHost("0.0.0.0")));
    HttpRequest limits =
        HttpRequest.newBuilder(platforms.local().resolve("/sim/limits"))
            .PUT(BodyPublishers.ofString(Settings.SIM_LIMITS))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      int status = http.send(limits, BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        platforms.close();
        throw new IOException("the limits were answered with " + status);
      }
    }
    return platforms;
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
