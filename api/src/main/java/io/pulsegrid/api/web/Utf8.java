package io.pulsegrid.api.web;

import io.pulsegrid.core.failure.PulsegridException;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;

/** Bodies of text that are taken as bytes: they are UTF-8, and nobody guesses. */
public final class Utf8 {
  private Utf8() {}

  /**
   * The type of a request's body.
   *
   * @throws HttpMediaTypeNotSupportedException if it says another charset
   */
  public static MediaType typeOf(HttpServletRequest request)
      throws HttpMediaTypeNotSupportedException {
    MediaType type = MediaType.parseMediaType(request.getContentType());
    Charset charset = type.getCharset();
    if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
      throw new HttpMediaTypeNotSupportedException(
          type, List.of(new MediaType(type, StandardCharsets.UTF_8)));
    }
    return type;
  }

  /**
   * A body as text.
   *
   * @throws PulsegridException {@code INVALID}, naming the first line that is something else
   */
  public static String decode(byte[] body) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(body.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      long line = 1 + out.flip().chars().filter(point -> point == '\n').count();
      throw PulsegridException.invalid(
          "line " + line, "is not UTF-8; save the file in that encoding");
    }
    return out.flip().toString();
  }
}
