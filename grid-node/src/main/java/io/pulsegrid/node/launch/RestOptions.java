package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node is asked, and with whose key. */
final class RestOptions {
  @Option(names = "--url", paramLabel = "URL", description = "a node (http://127.0.0.1:8080)")
  String url = "http://127.0.0.1:8080";

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "an API key; else PULSEGRID_KEY, else DIR/admin.key")
  @Nullable String key;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "what the nodes keep, admin.key among it (PULSEGRID_DATA, else ./data)")
  @Nullable Path data;

  /** The nodes' own, as far as a command reads them: the environment's, and those of --config. */
  OuterSettings settings = OuterSettings.of(null, System.getenv());

  RestClient client() {
    return client(url);
  }

  /**
   * What the nodes keep everything in: by option, else where they find it themselves.
   *
   * @throws SettingRefused where the option is empty
   */
  Path data() {
    if (data == null) {
      return settings.data();
    }
    if (data.toString().isBlank()) {
      throw new SettingRefused("--data must name a directory, was empty");
    }
    return data;
  }

  /** The same key, another node. */
  RestClient client(String node) {
    return new RestClient(address(node), apiKey());
  }

  private static URI address(String url) {
    try {
      URI address = URI.create(url.replaceFirst("/+$", ""));
      if (address.getHost() != null && String.valueOf(address.getScheme()).startsWith("http")) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // told below, with the rule
    }
    throw new SettingRefused("--url must be an address such as http://127.0.0.1:8080, was " + url);
  }

  /**
   * The key that was given, or that stands where the first start wrote it.
   *
   * @throws SettingRefused where there is none
   */
  String apiKey() {
    if (key != null) {
      return key;
    }
    String fromEnvironment = System.getenv("PULSEGRID_KEY");
    if (fromEnvironment != null && !fromEnvironment.isBlank()) {
      return fromEnvironment.strip();
    }
    return ofAdmin(data());
  }

  /** The key that the first start wrote. */
  static String ofAdmin(Path data) {
    Path file = data.resolve("admin.key");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new SettingRefused(
          "no API key: give --key, set PULSEGRID_KEY, or give --data, the directory whose admin.key"
              + " may be read (looked for "
              + file
              + ")");
    }
  }
}
