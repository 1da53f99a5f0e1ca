package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.wiring.SettingsPreview;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code up}, which {@code demo} takes as well. */
final class UpOptions {
  private static final Pattern SETTINGS_FILE = Pattern.compile("\\.(yml|yaml|properties)$");

  private static final List<String> UNASKABLE =
      List.of(
          "server.servlet.context-path",
          "spring.mvc.servlet.path",
          "management.server",
          "management.endpoints.web.base-path");

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "nodes on this machine (1)")
  int nodes = 1;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "HTTP port of the first node, the others count up (8080)")
  @Nullable Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "everything that is kept (PULSEGRID_DATA, else ./data)")
  @Nullable Path data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "settings: a .yml or .properties file of pulsegrid.* keys")
  @Nullable Path config;

  /**
   * What was asked for, by option, else by the file or the environment, else by default.
   *
   * @throws SettingRefused for a setting that no node would start with
   */
  Plan plan() {
    if (nodes < 1 || nodes > 20) {
      throw misused("--nodes must be between 1 and 20, was " + nodes);
    }
    if (config != null && !Files.isReadable(config)) {
      throw misused("--config: the file " + config + " is absent or cannot be read");
    }
    if (config != null && !SETTINGS_FILE.matcher(config.toString()).find()) {
      throw misused("--config: the file must end in .yml, .yaml or .properties, was " + config);
    }
    if (data != null && data.toString().isBlank()) {
      throw misused("--data must name a directory, was empty");
    }
    var outer = OuterSettings.of(config, System.getenv());
    int first = port != null ? port : outer.find("server.port").map(UpOptions::number).orElse(8080);
    if (first < 1 || first + nodes - 1 > 65_535) {
      throw misused("--port must be between 1 and 65535, was " + first);
    }
    refuseWhatCannotBeAsked(outer);
    Path directory = data != null ? data : outer.data();
    var plan = new Plan(nodes, first, directory.toAbsolutePath().normalize(), config, outer);
    plan.requireAddress();
    SettingsPreview.check(Jvm.current().files(plan));
    return plan;
  }

  /** The launcher learns that its nodes are ready at the usual path and port. */
  private static void refuseWhatCannotBeAsked(OuterSettings outer) {
    for (String section : UNASKABLE) {
      outer
          .findUnder(section)
          .ifPresent(
              key -> {
                throw new SettingRefused(
                    key
                        + " cannot be set for nodes that the launcher runs: it asks them at the"
                        + " root of their port; put a proxy in front for another path");
              });
    }
  }

  ParameterException misused(String rule) {
    return new ParameterException(spec.commandLine(), rule);
  }

  private static int number(String port) {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw new SettingRefused("server.port must be a whole number, was " + port);
    }
  }

  /** An {@code up}, decided. */
  record Plan(int nodes, int port, Path data, @Nullable Path config, OuterSettings outer) {
    boolean listensOn(int wanted) {
      return wanted >= port && wanted < port + nodes;
    }

    String url() {
      return url(0);
    }

    String url(int index) {
      String host = host();
      return (outer.findUnder("server.ssl").isPresent() ? "https://" : "http://")
          + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
          + ":"
          + (port + index);
    }

    /**
     * Refuses an address that makes no URL, which the nodes could never be asked at.
     *
     * @throws SettingRefused naming the key
     */
    void requireAddress() {
      try {
        if (new URI(url()).getHost() != null) {
          return;
        }
      } catch (URISyntaxException unusable) {
        // refused below
      }
      throw new SettingRefused(
          "server.address must be an IP address or a host name, was " + host());
    }

    /** Where the nodes are asked: loopback, unless they listen on one other address. */
    String host() {
      return outer
          .find("server.address")
          .filter(address -> !address.equals("0.0.0.0") && !address.equals("::"))
          .orElse("127.0.0.1");
    }
  }
}
