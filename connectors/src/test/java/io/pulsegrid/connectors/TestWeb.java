package io.pulsegrid.connectors;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.http.SourceGate;
import io.pulsegrid.connectors.http.WebClient;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.InstantSource;

/** A web client as the node makes it. */
public final class TestWeb {
  private TestWeb() {}

  public static WebClient client(boolean allowPrivate) {
    return new WebClient(
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build(),
        new AddressPolicy(allowPrivate, InetAddress::getAllByName),
        SourceGate.OPEN,
        InstantSource.system(),
        "Pulsegrid-test");
  }
}
