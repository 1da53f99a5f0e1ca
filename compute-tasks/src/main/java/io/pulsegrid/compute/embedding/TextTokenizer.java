package io.pulsegrid.compute.embedding;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Texts to the model's token ids, without the links in them and cut at the model's limit. Safe for
 * use by many threads.
 */
final class TextTokenizer implements AutoCloseable {
  // No vocabulary has words of more letters; what lies beyond cannot reach the model.
  private static final int CHARS_PER_TOKEN = 32;

  // Eighteen tokens of a tweet's forty, in which nothing is said.
  private static final Pattern LINK = Pattern.compile("https?://\\S*", Pattern.CASE_INSENSITIVE);

  private final HuggingFaceTokenizer tokenizer;
  private final int maxChars;

  private TextTokenizer(HuggingFaceTokenizer tokenizer, int maxChars) {
    this.tokenizer = tokenizer;
    this.maxChars = maxChars;
  }

  static TextTokenizer of(InputStream json, int maxTokens) throws IOException {
    Map<String, String> options =
        Map.of("truncation", "true", "maxLength", Integer.toString(maxTokens), "padding", "false");
    return new TextTokenizer(
        HuggingFaceTokenizer.newInstance(json, options), maxTokens * CHARS_PER_TOKEN);
  }

  /** The ids of a text, with the marks that begin and end it; never empty. */
  long[] tokens(String text) {
    return tokenizer.encode(withoutLinks(head(text))).getIds();
  }

  /** The text's words; all of it where it is nothing but links, which are not all alike. */
  private static String withoutLinks(String text) {
    if (!text.contains("://")) {
      return text;
    }
    String words = LINK.matcher(text).replaceAll(" ");
    return words.isBlank() ? text : words;
  }

  private String head(String text) {
    if (text.length() <= maxChars) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
    return text.substring(0, end);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
