package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.source.Source;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a platform asks for before it lets itself be read. */
final class Secrets {
  private static final int DIGEST_BYTES = 6;

  private Secrets() {}

  /**
   * What is wrong with credentials.
   *
   * @param ways the names of which one set must be given whole, and nothing else
   */
  static List<FieldError> faults(Source.Credentials given, List<Set<String>> ways) {
    List<FieldError> errors = new ArrayList<>();
    Set<String> known = new TreeSet<>();
    ways.forEach(known::addAll);
    for (String name : new TreeSet<>(given.values().keySet())) {
      if (!known.contains(name)) {
        errors.add(new FieldError("credentials." + name, "is not one of " + known));
      } else if (!isPrintable(given.value(name))) {
        errors.add(new FieldError("credentials." + name, "must be printable ASCII without spaces"));
      }
    }
    if (errors.isEmpty() && !ways.contains(given.values().keySet())) {
      errors.add(
          new FieldError(
              "credentials",
              ways.stream()
                  .filter(way -> !way.isEmpty())
                  .map(way -> String.join(" and ", new TreeSet<>(way)))
                  .collect(Collectors.joining(", or ", "must be ", ""))));
    }
    return errors;
  }

  private static boolean isPrintable(String value) {
    return !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 127);
  }

  /** Tells those who call a server apart, without telling who they are. */
  static String holder(String server, String principal) {
    if (principal.isEmpty()) {
      return server;
    }
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256").digest(principal.getBytes(StandardCharsets.UTF_8));
      return server + " " + HexFormat.of().formatHex(sha, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
