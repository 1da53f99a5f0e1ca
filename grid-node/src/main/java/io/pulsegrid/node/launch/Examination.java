package io.pulsegrid.node.launch;

import static io.pulsegrid.node.launch.Finding.well;
import static io.pulsegrid.node.launch.Finding.wrong;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.store.StoreExamination;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Looks at one node from where it runs, in the order in which one thing needs the other. */
final class Examination {
  private static final long LEAST_FREE_BYTES = 1L << 30;
  private static final double LEAST_FREE_SHARE = 0.1;
  private static final Duration MOST_OFFSET = Duration.ofMillis(500);

  private final RestOptions rest;
  private final OuterSettings settings;
  private final Path data;
  private final List<Finding> findings = new ArrayList<>();

  Examination(RestOptions rest) {
    this.rest = rest;
    this.settings = rest.settings;
    this.data = rest.data().toAbsolutePath().normalize();
  }

  List<Finding> findings() throws InterruptedException {
    findings.clear();
    disk();
    new SecretModes(data, SecretModes::isFixed).look(findings);
    Optional<StoreExamination> store = store();
    store.ifPresent(this::clock);
    var ports = new Reachability(settings);
    if (front()) {
      majority(store.map(StoreExamination::expectedNodes).orElse(0));
      ports.own(findings);
    }
    ports.peers(findings);
    new GridCertificate(settings, InstantSource.system()).look(findings);
    new Certificates(rest.url, settings, InstantSource.system()).look(findings);
    return List.copyOf(findings);
  }

  private void disk() {
    try {
      FileStore disk = Files.getFileStore(data);
      double share = (double) disk.getUsableSpace() / disk.getTotalSpace();
      String told =
          "%d MiB free (%.0f %%) at %s".formatted(disk.getUsableSpace() >> 20, 100 * share, data);
      findings.add(
          disk.getUsableSpace() < LEAST_FREE_BYTES || share < LEAST_FREE_SHARE
              ? wrong("disk", told, "make room, or lower pulsegrid.retention.posts")
              : well("disk", told));
      if (!Files.isWritable(data)) {
        findings.add(
            wrong("data", data + " cannot be written", "let the node's user own it: chown -R"));
      }
    } catch (IOException e) {
      findings.add(wrong("data", "there is no " + data, "give the node's directory by --data"));
    }
  }

  private Optional<StoreExamination> store() {
    try {
      var address = StoreAddress.of(settings, data);
      var store = StoreExamination.of(address.url(), address.login(), InstantSource.system());
      String told =
          "PostgreSQL %s answers in %d ms".formatted(store.version(), store.trip().toMillis());
      findings.add(
          store.major() < 15
              ? wrong("database", told, "take PostgreSQL 15 or later")
              : well("database", told));
      return Optional.of(store);
    } catch (SettingRefused e) {
      findings.add(
          wrong(
              "database",
              String.valueOf(e.getMessage()),
              "start it, or give its address: --config, PULSEGRID_STORE_URL, or --data"));
      return Optional.empty();
    }
  }

  private void clock(StoreExamination store) {
    Duration offset = store.clockAhead();
    String told = "PostgreSQL's is %d ms ahead of this machine's".formatted(offset.toMillis());
    findings.add(
        offset.abs().compareTo(MOST_OFFSET) > 0
            ? wrong("clock", told, "let NTP set both clocks: timedatectl set-ntp true")
            : well("clock", told));
  }

  /** Whether the node answers. */
  private boolean front() throws InterruptedException {
    URI url = URI.create(rest.url);
    int port = url.getPort() > 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    if (!Reachability.answers(String.valueOf(url.getHost()), port)) {
      findings.add(
          wrong("port " + port, "nothing listens at " + rest.url, "start it, or give --url"));
      return false;
    }
    boolean ready = new Readiness().of(rest.url.replaceFirst("/+$", ""));
    findings.add(
        ready
            ? well("node", rest.url + " is ready")
            : wrong(
                "node",
                rest.url + " listens and is not ready",
                "it loads, or waits for others: its log, data/logs, says how far it is"));
    return true;
  }

  private void majority(int expected) throws InterruptedException {
    try {
      JsonNode nodes = rest.client().get("/nodes").path("items");
      int ready = 0;
      for (JsonNode node : nodes) {
        ready += node.path("state").asString("").equals("ready") ? 1 : 0;
      }
      int needed = expected / 2 + 1;
      String told = "%d of %d expected nodes are ready".formatted(ready, Math.max(expected, ready));
      findings.add(
          ready < needed
              ? wrong("majority", told, "start nodes until %d are ready".formatted(needed))
              : ready < expected
                  ? wrong(
                      "majority",
                      told,
                      "start the others; those that are gone for good: drain --expect " + ready)
                  : well("majority", told));
    } catch (PulsegridException | SettingRefused e) {
      findings.add(
          wrong("majority", String.valueOf(e.getMessage()), "give an API key by --key or --data"));
    }
  }
}
