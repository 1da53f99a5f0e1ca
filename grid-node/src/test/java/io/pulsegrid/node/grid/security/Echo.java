package io.pulsegrid.node.grid.security;

import java.util.Objects;
import org.apache.ignite.Ignite;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.apache.ignite.services.Service;
import org.jspecify.annotations.Nullable;

/** A service that says what it hears, and from where. */
public final class Echo implements Service {
  private static final long serialVersionUID = 1L;

  @IgniteInstanceResource private transient @Nullable Ignite ignite;

  /** How programs see it. */
  public interface Heard {
    byte[] call(byte[] said);

    String from();
  }

  public byte[] call(byte[] said) {
    return said;
  }

  public String from() {
    return ProgramOrigin.current(Objects.requireNonNull(ignite));
  }
}
