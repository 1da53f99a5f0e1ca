package io.pulsegrid.node.launch;

import java.util.regex.Pattern;

/** Texts as they are typed in a shell, so that a line we print can be copied. */
final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private Shell() {}

  /** One word, quoted where it must be. */
  static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
