package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code bundle}: logs, figures and topology in one file, without secrets. */
@Command(name = "bundle", description = "Pack logs, figures and topology without secrets.")
final class BundleCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<String> ASKED = List.of("/nodes", "/queue", "/alerts", "/rate-limits");

  @Mixin private final RestOptions rest = new RestOptions();

  @Option(names = "--config", paramLabel = "FILE", description = "the nodes' settings")
  private @Nullable Path config;

  @Option(names = "--output", paramLabel = "FILE", description = "(pulsegrid-bundle.zip)")
  private Path output = Path.of("pulsegrid-bundle.zip");

  @Override
  public Integer call() throws IOException, InterruptedException {
    var terminal = Terminal.system();
    rest.settings = readable();
    var redaction = Redaction.of(rest.data(), rest.settings, knownKey());
    // Written beside and moved: half a bundle under the name of a whole one helps nobody.
    Path partly = output.resolveSibling(output.getFileName() + ".part");
    int files;
    try (var zip = new ZipOutputStream(Files.newOutputStream(partly))) {
      var bundle = new Bundle(zip, redaction);
      machine(bundle);
      settings(bundle, rest.settings);
      logs(bundle);
      grid(bundle);
      examination(bundle);
      files = bundle.files;
    }
    Files.move(partly, output, StandardCopyOption.REPLACE_EXISTING);
    terminal.say("%s: %d files, secrets taken out; look through it".formatted(output, files));
    return 0;
  }

  /** Text files, each without its secrets. */
  private static final class Bundle {
    private final ZipOutputStream zip;
    private final Redaction redaction;
    private int files;

    Bundle(ZipOutputStream zip, Redaction redaction) {
      this.zip = zip;
      this.redaction = redaction;
    }

    void add(String name, String text) throws IOException {
      zip.putNextEntry(new ZipEntry("pulsegrid-bundle/" + name));
      zip.write(redaction.of(text).getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
      files++;
    }
  }

  private String knownKey() {
    try {
      return rest.apiKey();
    } catch (SettingRefused e) {
      return "";
    }
  }

  private static void machine(Bundle bundle) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    bundle.add(
        "machine.txt",
        "java %s%nvm %s%nsystem %s %s %s%nprocessors %d%n"
            .formatted(
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                runtime.availableProcessors()));
  }

  /** The settings as far as they can be read: without the file where that one cannot. */
  private OuterSettings readable() {
    try {
      return OuterSettings.of(config, System.getenv());
    } catch (SettingRefused e) {
      return OuterSettings.of(null, System.getenv());
    }
  }

  private void settings(Bundle bundle, OuterSettings settings) throws IOException {
    Map<String, String> environment = new HashMap<>(settings.environment());
    environment.keySet().removeIf(name -> !name.matches("(PULSEGRID|SERVER|SPRING|MANAGEMENT)_.*"));
    bundle.add("environment.txt", Redaction.listed(environment));
    if (config != null) {
      // Never the file itself: its comments may hold secrets too, and so may a reader's complaint.
      bundle.add(
          "settings/" + config.getFileName() + ".txt",
          settings.file().isEmpty()
              ? "left out: it is empty or cannot be read as settings\n"
              : Redaction.listed(settings.file()));
    }
  }

  private void logs(Bundle bundle) throws IOException {
    Path directory = rest.data().resolve("logs");
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> found = Files.list(directory)) {
      for (Path log : found.filter(Files::isRegularFile).sorted().toList()) {
        // A line may be cut in the middle of a character.
        bundle.add(
            "logs/" + log.getFileName(),
            new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
      }
    }
  }

  private void grid(Bundle bundle) throws IOException, InterruptedException {
    try {
      RestClient client = rest.client();
      for (String path : ASKED) {
        JsonNode answer = client.get(path);
        bundle.add("grid" + path + ".json", answer.toPrettyString() + "\n");
        if (path.equals("/nodes")) {
          for (JsonNode node : answer.path("items")) {
            figures(bundle, node.path("http").asString(""));
          }
        }
      }
    } catch (PulsegridException | SettingRefused e) {
      bundle.add("grid/unanswered.txt", e.getMessage() + "\n");
    }
  }

  private static void figures(Bundle bundle, String node) throws IOException, InterruptedException {
    String name = "metrics/" + node.replaceAll("^https?://", "").replaceAll("[^\\w.-]", "-");
    try (var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      var asked =
          HttpRequest.newBuilder(URI.create(node + "/actuator/prometheus"))
              .timeout(PATIENCE)
              .build();
      bundle.add(name + ".txt", http.send(asked, BodyHandlers.ofString()).body());
    } catch (IOException | IllegalArgumentException e) {
      bundle.add(name + "-unanswered.txt", e + "\n");
    }
  }

  private void examination(Bundle bundle) throws IOException, InterruptedException {
    bundle.add(
        "doctor.txt",
        new Examination(rest)
            .findings().stream().map(Finding::lines).collect(Collectors.joining("\n", "", "\n")));
  }
}
