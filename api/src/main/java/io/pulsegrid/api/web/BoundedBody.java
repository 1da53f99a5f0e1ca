package io.pulsegrid.api.web;

import io.pulsegrid.api.problem.ProblemWriter;
import io.pulsegrid.api.problem.Refusal;
import io.pulsegrid.core.failure.FailureCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads the body of every API call but an import into memory, at most 1 MiB of it: larger ones are
 * refused before anything is parsed, and an idempotent POST can be told from another by its bytes.
 */
@Component
final class BoundedBody extends OncePerRequestFilter {
  static final int LIMIT = 1 << 20;

  private static final byte[] TOO_LARGE = new byte[LIMIT + 1];

  private static final String ATTRIBUTE = BoundedBody.class.getName();
  private static final String IMPORT = "/api/v1/posts/import";

  private final ProblemWriter writer;

  BoundedBody(ProblemWriter writer) {
    this.writer = writer;
  }

  /** The body of a request that came through this filter. */
  static byte[] of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof byte[] body ? body : new byte[0];
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getServletPath();
    return !path.startsWith("/api/") || path.equals(IMPORT);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    byte[] body =
        request.getContentLengthLong() > LIMIT
            ? TOO_LARGE
            : request.getInputStream().readNBytes(LIMIT + 1);
    if (body.length > LIMIT) {
      writer.write(
          response,
          Refusal.of(FailureCode.TOO_LARGE, "a body here is at most " + LIMIT + " bytes (1 MiB)"));
      return;
    }
    request.setAttribute(ATTRIBUTE, body);
    chain.doFilter(new Buffered(request, body), response);
  }

  private static final class Buffered extends HttpServletRequestWrapper {
    private final byte[] body;

    Buffered(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = body;
    }

    @Override
    public ServletInputStream getInputStream() {
      return new Bytes(new ByteArrayInputStream(body));
    }

    @Override
    public BufferedReader getReader() {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }

  private static final class Bytes extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    Bytes(ByteArrayInputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return bytes.read(into, offset, length);
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("a buffered body is read by blocking");
    }
  }
}
