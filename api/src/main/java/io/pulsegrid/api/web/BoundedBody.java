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
 * Reads the body of every API call but an import into memory, at most 1 MiB of it, or 32 of a
 * batch: larger ones are refused before anything is parsed, and an idempotent POST can be told from
 * another by its bytes.
 */
@Component
final class BoundedBody extends OncePerRequestFilter {
  private static final int LIMIT = 1 << 20;
  private static final int BATCH_LIMIT = 32 << 20;

  private static final String ATTRIBUTE = BoundedBody.class.getName();
  private static final String BATCH = "/api/v1/scheduled-posts/batch";
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
    int limit = request.getServletPath().equals(BATCH) ? BATCH_LIMIT : LIMIT;
    if (request.getContentLengthLong() > limit) {
      refuse(response, limit);
      return;
    }
    byte[] body = request.getInputStream().readNBytes(limit + 1);
    if (body.length > limit) {
      refuse(response, limit);
      return;
    }
    request.setAttribute(ATTRIBUTE, body);
    chain.doFilter(new Buffered(request, body), response);
  }

  private void refuse(HttpServletResponse response, int limit) throws IOException {
    writer.write(
        response,
        Refusal.of(
            FailureCode.TOO_LARGE,
            "a body here is at most %d bytes (%d MiB)".formatted(limit, limit >> 20)));
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
