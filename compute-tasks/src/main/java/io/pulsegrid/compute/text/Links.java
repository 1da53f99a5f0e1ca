package io.pulsegrid.compute.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Links as identities: what leads to the same page reads the same. */
final class Links {
  private static final Pattern SCHEME = Pattern.compile("^https?://");
  private static final String TAIL = ")].,;:!?'\"\u00bb\u201d>";
  private static final Set<String> TRACKING =
      Set.of(
          "fbclid",
          "gclid",
          "dclid",
          "msclkid",
          "yclid",
          "igshid",
          "igsh",
          "twclid",
          "mc_cid",
          "mc_eid",
          "ref",
          "ref_src",
          "ref_url",
          "referrer",
          "source",
          "src",
          "cmp",
          "cmpid",
          "cid",
          "ncid",
          "ocid",
          "icid",
          "smid",
          "smtyp",
          "sr_share",
          "share",
          "feature",
          "rss",
          "track",
          "ftag",
          "wt.mc_id",
          "partner",
          "guccounter",
          "amp",
          "_ga",
          "spm",
          "si");

  private Links() {}

  /** A folded link without scheme, tracking and order of parameters; empty if nothing is left. */
  static Optional<String> canonical(String folded) {
    String link = withoutTail(SCHEME.matcher(folded).replaceFirst(""), TAIL);
    if (link.startsWith("www.")) {
      link = link.substring(4);
    }
    int fragment = link.indexOf('#');
    if (fragment >= 0) {
      link = link.substring(0, fragment);
    }
    int question = link.indexOf('?');
    String query = question < 0 ? "" : link.substring(question + 1);
    String page = question < 0 ? link : link.substring(0, question);
    page = withoutTail(page, "/");
    String kept = parameters(Arrays.stream(query.split("&", -1)));
    return page.indexOf('.') < 0
        ? Optional.empty()
        : Optional.of(kept.isEmpty() ? page : page + "?" + kept);
  }

  /** Once from the end: links can be as long as a text, and made of nothing but their tail. */
  static String withoutTail(String text, String tail) {
    int end = text.length();
    while (end > 0 && tail.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }

  /**
   * A query of these parameters, in one order, without those that count where a click came from.
   */
  static String parameters(Stream<String> all) {
    return all.filter(parameter -> !parameter.isEmpty() && !tracks(parameter))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private static boolean tracks(String parameter) {
    int equals = parameter.indexOf('=');
    String name =
        (equals < 0 ? parameter : parameter.substring(0, equals)).toLowerCase(Locale.ROOT);
    return name.startsWith("utm_") || name.startsWith("at_") || TRACKING.contains(name);
  }
}
