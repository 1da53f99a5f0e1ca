package io.pulsegrid.node.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes secrets out of texts: those that this machine knows, word for word, and whatever looks like
 * one. Rather too much than too little.
 */
final class Redaction {
  private static final String GONE = "[redacted]";
  private static final int SHORTEST = 6;

  private static final Pattern NAME =
      Pattern.compile("(?i)passw|secret|token|credential|api.?key|(^|[._-])key$|authorization");

  private static final Pattern KEY = Pattern.compile("\\bpg_[A-Za-z0-9_-]{8,}");
  private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic) +[^\\s\"',]+");
  private static final Pattern LOGIN = Pattern.compile("(://[^/\\s:@\"']*):[^/\\s@\"']+@");
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&;](?:password|user|token|access_token|key|sig)=)[^&\\s\"']+");
  private static final Pattern FIELD =
      Pattern.compile(
          "(?i)(\"?[\\w.-]*(?:passw(?:or)?d|secret|token|credentials?|api[-_]?key|authorization)"
              + "[\\w.-]*\"?\\s*[:=]\\s*)(?!\\[redacted])(\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|[^\\s,;}\\]]+)");

  private final List<String> known;

  private Redaction(Set<String> known) {
    // The longer first: a secret that holds another would leave its rest behind.
    this.known =
        known.stream()
            .filter(secret -> secret.length() >= SHORTEST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** Knows the secrets of a data directory and those of the settings of the nodes. */
  static Redaction of(Path data, OuterSettings settings, String apiKey) {
    Set<String> known = new HashSet<>();
    known.add(apiKey);
    for (String file : List.of("admin.key", "credentials.key", "postgres.url")) {
      try {
        known.add(Files.readString(data.resolve(file)).strip());
      } catch (IOException e) {
        // Not here, or not for this user: then it is not in what this user reads either.
      }
    }
    addSecrets(settings.environment(), known);
    addSecrets(settings.file(), known);
    return new Redaction(known);
  }

  private static void addSecrets(Map<String, String> settings, Set<String> known) {
    settings.forEach(
        (name, value) -> {
          if (isSecret(name)) {
            known.add(value.strip());
            // One of several lines is told line by line, each with what stands before it.
            value.lines().map(String::strip).forEach(known::add);
          }
        });
  }

  /** Settings by name, one a line, a secret's value taken out whole. */
  static String listed(Map<String, String> settings) {
    return new TreeMap<>(settings)
        .entrySet().stream()
            .map(one -> one.getKey() + "=" + (isSecret(one.getKey()) ? GONE : one.getValue()))
            .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Whether the value of a setting of this name is one. */
  static boolean isSecret(String setting) {
    return NAME.matcher(setting).find();
  }

  String of(String text) {
    String rest = text;
    for (String secret : known) {
      rest = rest.replace(secret, GONE);
    }
    rest = KEY.matcher(rest).replaceAll(GONE);
    rest = BEARER.matcher(rest).replaceAll("$1 " + Matcher.quoteReplacement(GONE));
    rest = LOGIN.matcher(rest).replaceAll("$1:" + GONE + "@");
    rest = PARAMETER.matcher(rest).replaceAll("$1" + GONE);
    return FIELD.matcher(rest).replaceAll("$1" + GONE);
  }
}
