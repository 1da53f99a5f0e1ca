package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReachabilityTest {
  @Test
  void looksAtThePortsThatSettingsName() throws IOException {
    try (ServerSocket communication = listening();
        ServerSocket programs = listening()) {
      List<Finding> findings = new ArrayList<>();
      reach(
              Map.of(
                  "PULSEGRID_GRID_COMMUNICATIONPORT", "" + communication.getLocalPort(),
                  "PULSEGRID_CLIENT_HOST", "0.0.0.0",
                  "PULSEGRID_CLIENT_PORT", "" + programs.getLocalPort()))
          .own(findings);

      assertThat(findings).noneMatch(Finding::isWrong);
      assertThat(findings)
          .extracting(Finding::told)
          .containsExactly(
              "127.0.0.1:" + communication.getLocalPort() + " listens",
              "127.0.0.1:" + programs.getLocalPort() + " listens");
    }
  }

  @Test
  void saysWhichOfThemIsShut() throws IOException {
    int shut = shut();
    List<Finding> findings = new ArrayList<>();
    reach(Map.of("PULSEGRID_CLIENT_PORT", "" + shut)).own(findings);

    assertThat(findings)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.isWrong()).isTrue();
              assertThat(one.what()).isEqualTo("programs");
              assertThat(one.told()).isEqualTo("nothing listens at 127.0.0.1:" + shut);
            });
  }

  @Test
  void guessesNoPortThatALauncherPicked() {
    List<Finding> findings = new ArrayList<>();
    reach(Map.of()).own(findings);
    reach(Map.of("PULSEGRID_GRID_ADDRESSES", "127.0.0.1:47500..47509")).peers(findings);

    assertThat(findings).isEmpty();
  }

  @Test
  void asksPeersForBothPortsThatTheGridNeeds() throws IOException {
    try (ServerSocket discovery = listening()) {
      String peer = "127.0.0.1:" + discovery.getLocalPort();
      int shut = shut();
      List<Finding> findings = new ArrayList<>();
      reach(
              Map.of(
                  "PULSEGRID_GRID_ADDRESSES", peer,
                  "PULSEGRID_GRID_DISCOVERYPORT", "" + discovery.getLocalPort(),
                  "PULSEGRID_GRID_COMMUNICATIONPORT", "" + shut))
          .peers(findings);

      assertThat(findings)
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.isWrong()).isTrue();
                assertThat(one.told())
                    .isEqualTo(
                        peer + " listens, its communication port " + shut + " cannot be reached");
              });
    }
  }

  @Test
  void countsBothPortsOfANeighbourUpAlike() throws IOException {
    try (ServerSocket discovery = listening();
        ServerSocket communication = listening()) {
      List<Finding> findings = new ArrayList<>();
      reach(
              Map.of(
                  "PULSEGRID_GRID_ADDRESSES", "127.0.0.1:" + discovery.getLocalPort(),
                  "PULSEGRID_GRID_DISCOVERYPORT", "" + (discovery.getLocalPort() - 1),
                  "PULSEGRID_GRID_COMMUNICATIONPORT", "" + (communication.getLocalPort() - 1)))
          .peers(findings);

      assertThat(findings).singleElement().satisfies(one -> assertThat(one.isWrong()).isFalse());
    }
  }

  @Test
  void refusesAPortThatIsNone() {
    assertThatThrownBy(() -> reach(Map.of("PULSEGRID_CLIENT_PORT", "many")).own(new ArrayList<>()))
        .isInstanceOf(SettingRefused.class)
        .hasMessage("pulsegrid.client.port must name a port by its number, was many");
  }

  private static Reachability reach(Map<String, String> environment) {
    return new Reachability(OuterSettings.of(null, environment));
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static int shut() throws IOException {
    try (ServerSocket free = listening()) {
      return free.getLocalPort();
    }
  }
}
