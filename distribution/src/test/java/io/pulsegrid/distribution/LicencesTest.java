package io.pulsegrid.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is handed out is named with its licence, and each licence lets us hand it out. */
class LicencesTest {
  /**
   * Those that ask for no more than their text and notices; or leave the choice of one that does.
   */
  private static final Pattern PERMISSIVE =
      Pattern.compile(
          "(?i).*(apache|\\bmit\\b|bsd|edl|eclipse distribution|cc0|public domain|postgresql"
              + "|unlicense|zero-clause|0bsd|bouncy|unicode|jcache|epl|eclipse public|mpl|\\blgpl"
              + "|gpl2 w/ cpe|classpath|cddl|jdom|jcp|jsr|universal permissive).*");

  private static final String HEAD =
      """
      # Licences

      What the distribution holds, by licence as each names its own; versions and hashes are in its `sbom/pulsegrid.cdx.json`. Made
      from that file: where it differs, `LicencesTest` writes the new one to `distribution/target/licences.md`.

      | component | licence |
      |---|---|
      """;

  private final Map<String, String> licences = licences();

  @Test
  void everyComponentHasALicenceThatIsPermissive() {
    assertThat(licences).hasSizeGreaterThan(100);
    assertThat(licences).allSatisfy((_, licence) -> assertThat(licence).matches(PERMISSIVE));
  }

  @Test
  void theReportIsOfWhatIsHandedOut() throws IOException {
    String report =
        licences.entrySet().stream()
            .map(one -> "| " + one.getKey() + " | " + one.getValue() + " |\n")
            .collect(Collectors.joining("", HEAD, ""));
    Files.writeString(Path.of("target/licences.md"), report);

    assertThat(Sources.text("docs/licences.md"))
        .as("copy distribution/target/licences.md there")
        .isEqualTo(report);
  }

  private static Map<String, String> licences() {
    Map<String, String> found = new TreeMap<>();
    JsonNode bill = Sources.json(Path.of("target/sbom/pulsegrid.cdx.json"));
    for (JsonNode component : bill.path("components")) {
      if (!component.path("group").asString("").equals("io.pulsegrid")) {
        found.put(
            component.path("group").asString("") + ":" + component.path("name").asString(""),
            StreamSupport.stream(component.path("licenses").spliterator(), false)
                .map(LicencesTest::name)
                .sorted()
                .collect(Collectors.joining(", ")));
      }
    }
    return found;
  }

  private static String name(JsonNode licence) {
    String expression = licence.path("expression").asString("");
    String id = licence.path("license").path("id").asString("");
    return !expression.isEmpty()
        ? expression
        : !id.isEmpty() ? id : licence.path("license").path("name").asString("");
  }
}
