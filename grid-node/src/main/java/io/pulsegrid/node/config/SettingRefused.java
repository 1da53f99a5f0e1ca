package io.pulsegrid.node.config;

/**
 * A setting that breaks its rule. The message is the one line an operator needs: where it stands,
 * its key, the rule and the value.
 */
public final class SettingRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A refusal told in one sentence of its own. */
  public SettingRefused(String sentence) {
    super(sentence);
  }

  /**
   * A refusal of one key.
   *
   * @param origin the file, or another place where the key stands
   * @param rule such as {@code must be at least 1, was 0}
   */
  public SettingRefused(String origin, String key, String rule) {
    super(origin + ": " + (key.isEmpty() ? "" : key + ": ") + rule);
  }
}
