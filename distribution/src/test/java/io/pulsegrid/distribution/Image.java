package io.pulsegrid.distribution;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** What the last stage of the {@code Dockerfile} says of how it is run. */
record Image(List<String> entryPoint, List<String> healthCheck, Map<String, String> environment) {
  private static final String HOME = "/opt/pulsegrid";

  static Image of(String dockerfile) {
    String last = dockerfile.substring(dockerfile.lastIndexOf("\nFROM "));
    List<String> entryPoint = new ArrayList<>(words(last, "(?m)^ENTRYPOINT (\\[.*])$"));
    entryPoint.addAll(words(last, "(?m)^CMD (\\[.*])$"));
    Map<String, String> environment = new LinkedHashMap<>();
    for (String pair : matched(last, "(?m)^ENV (.*)$").split(" ", -1)) {
      environment.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
    }
    return new Image(entryPoint, words(last, "(?m)^HEALTHCHECK .* CMD (\\[.*])$"), environment);
  }

  /** A command of the image where its files stand elsewhere. */
  static List<String> at(String home, List<String> command) {
    return command.stream().map(word -> word.replace(HOME, home)).toList();
  }

  private static List<String> words(String text, String pattern) {
    return List.of(JsonMapper.shared().readValue(matched(text, pattern), String[].class));
  }

  private static String matched(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) {
      throw new AssertionError("the Dockerfile has no " + pattern);
    }
    return found.group(1);
  }
}
