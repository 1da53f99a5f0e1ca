package io.pulsegrid.sim.http;

/** A request that is wrong in itself; the door answers it with its status and message. */
public final class RequestRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  public RequestRefused(int status, String message) {
    super(message);
    this.status = status;
  }

  public RequestRefused(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  public int status() {
    return status;
  }

  /** What went wrong, for the client. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
