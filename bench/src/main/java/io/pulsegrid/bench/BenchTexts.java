package io.pulsegrid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Short texts to measure with: titles of real posts where they are at hand, else made-up ones. */
final class BenchTexts {
  private static final String[] WHO =
      words("engineers voters farmers hackers doctors students pilots miners fans investors");
  private static final String[] WHAT =
      words("build question delay celebrate fear repair copy discuss fund rewrite abandon praise");
  private static final String[] THINGS =
      words("bridges compilers vaccines satellites harvests databases taxes films batteries maps");
  private static final String[] WHERE =
      words("Lagos Lisbon Osaka Quito Oslo Denver Hanoi Perth Turin Accra");
  private static final String[] WHY =
      words("after during before despite without against following amid beyond within");

  private BenchTexts() {}

  /** Different texts, as many as asked for, the same in every run. */
  static List<String> distinct(int count) throws IOException {
    Set<String> texts = new LinkedHashSet<>();
    Path titles = shared().resolve("data/engagement/hacker_news.csv");
    if (Files.exists(titles)) {
      try (Stream<String> lines = Files.lines(titles)) {
        lines.skip(1).map(BenchTexts::secondColumn).limit(count).forEach(texts::add);
      }
    }
    SplittableRandom random = new SplittableRandom(42);
    while (texts.size() < count) {
      texts.add(madeUp(random));
    }
    return new ArrayList<>(texts).subList(0, count);
  }

  /** The public development data and models, beside the project; may be absent. */
  static Path shared() {
    return Path.of(System.getProperty("pulsegrid.home", "."), "..", "shared").normalize();
  }

  private static String secondColumn(String line) {
    int start = line.indexOf(',') + 1;
    if (start < line.length() && line.charAt(start) == '"') {
      int end = start + 1;
      while (end < line.length() && (line.charAt(end) != '"' || isQuoted(line, end))) {
        end += line.charAt(end) == '"' ? 2 : 1;
      }
      return line.substring(start + 1, Math.min(end, line.length())).replace("\"\"", "\"");
    }
    int end = line.indexOf(',', start);
    return end < 0 ? line : line.substring(start, end);
  }

  private static boolean isQuoted(String line, int quote) {
    return quote + 1 < line.length() && line.charAt(quote + 1) == '"';
  }

  private static String madeUp(SplittableRandom random) {
    String text =
        "%s in %s %s %d %s %s %s"
            .formatted(
                any(WHO, random),
                any(WHERE, random),
                any(WHAT, random),
                random.nextInt(2, 1_000),
                any(THINGS, random),
                any(WHY, random),
                any(THINGS, random));
    return random.nextInt(3) == 0 ? text + ", say " + any(WHO, random) : text;
  }

  private static String any(String[] words, SplittableRandom random) {
    return words[random.nextInt(words.length)];
  }

  private static String[] words(String list) {
    return list.split(" ");
  }
}
