package io.pulsegrid.connectors.feed;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From a feed's bytes to its characters. A byte order mark decides; otherwise bytes that are UTF-8
 * and not plain ASCII are UTF-8 whatever is declared as Latin-1 or not at all, because text in
 * another encoding is next to never valid UTF-8 by chance; then what the header says, then what the
 * document says, then Windows-1252, which reads anything.
 */
final class FeedDecoding {
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*[\"']?([\\w.:-]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern DECLARATION =
      Pattern.compile("^\\s*<\\?xml[^>]*?encoding\\s*=\\s*[\"']([\\w.:-]+)[\"']");

  private FeedDecoding() {}

  static String decode(byte[] bytes, @Nullable String contentType) {
    String text = decodeBytes(bytes, contentType);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static String decodeBytes(byte[] bytes, @Nullable String contentType) {
    Optional<Charset> marked = byteOrderMark(bytes);
    if (marked.isPresent()) {
      return new String(bytes, marked.get());
    }
    String head = new String(bytes, 0, Math.min(bytes.length, 512), StandardCharsets.ISO_8859_1);
    Optional<Charset> header =
        contentType == null ? Optional.empty() : named(CHARSET.matcher(contentType));
    Optional<Charset> declared = named(DECLARATION.matcher(head));
    if (isUtf8OrVague(header) || isUtf8OrVague(declared)) {
      Optional<String> utf8 = strictly(bytes, StandardCharsets.UTF_8);
      if (utf8.isPresent()) {
        return utf8.get();
      }
    }
    return header
        .flatMap(charset -> strictly(bytes, charset))
        .or(() -> declared.flatMap(charset -> strictly(bytes, charset)))
        .orElseGet(() -> new String(bytes, WINDOWS_1252));
  }

  private static boolean isUtf8OrVague(Optional<Charset> charset) {
    return charset.isEmpty()
        || charset.get().equals(StandardCharsets.UTF_8)
        || charset.get().equals(WINDOWS_1252);
  }

  private static Optional<Charset> byteOrderMark(byte[] bytes) {
    int first = bytes.length > 0 ? bytes[0] & 0xff : -1;
    int second = bytes.length > 1 ? bytes[1] & 0xff : -1;
    if ((first == 0xfe && second == 0xff) || (first == 0 && second == '<')) {
      return Optional.of(StandardCharsets.UTF_16BE);
    }
    if ((first == 0xff && second == 0xfe) || (first == '<' && second == 0)) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    boolean utf8 = first == 0xef && second == 0xbb && bytes.length > 2 && bytes[2] == (byte) 0xbf;
    return utf8 ? Optional.of(StandardCharsets.UTF_8) : Optional.empty();
  }

  private static Optional<Charset> named(Matcher matcher) {
    if (!matcher.find()) {
      return Optional.empty();
    }
    try {
      Charset charset = Charset.forName(matcher.group(1));
      boolean latin =
          charset.equals(StandardCharsets.ISO_8859_1) || charset.equals(StandardCharsets.US_ASCII);
      return Optional.of(latin ? WINDOWS_1252 : charset);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return Optional.empty();
    }
  }

  private static Optional<String> strictly(byte[] bytes, Charset charset) {
    try {
      return Optional.of(
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString());
    } catch (CharacterCodingException other) {
      return Optional.empty();
    }
  }
}
