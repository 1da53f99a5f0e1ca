package io.pulsegrid.node.grid.security;

import io.pulsegrid.core.access.Keys;
import io.pulsegrid.node.grid.GridPlugin;
import io.pulsegrid.node.grid.QuietPlugin;
import java.util.List;
import org.apache.ignite.internal.GridKernalContext;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.processors.cacheobject.IgniteCacheObjectProcessor;
import org.apache.ignite.internal.processors.security.GridSecurityProcessor;
import org.apache.ignite.plugin.PluginContext;
import org.jspecify.annotations.Nullable;

/** Puts our answer to "who may do what" into Ignite. Every node of a grid must have it. */
public final class SecurityPlugin extends QuietPlugin {
  private static final List<String> SHARED =
      List.of(GridPlugin.NAME_ATTRIBUTE, GridPlugin.STORE_ATTRIBUTE, GridPlugin.KEY_ATTRIBUTE);

  private final Keys keys;
  private final String service;
  private final String joinSecret;

  /**
   * The security of one node.
   *
   * @param service the one service that programs may call
   * @param joinSecret what all nodes of the installation can work out, and nobody else
   */
  public SecurityPlugin(Keys keys, String service, String joinSecret) {
    super("pulsegrid-security");
    this.keys = keys;
    this.service = service;
    this.joinSecret = joinSecret;
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Ignite's own signature
  public <T> @Nullable T createComponent(PluginContext context, Class<T> type) {
    GridKernalContext kernal = ((IgniteEx) context.grid()).context();
    if (type == IgniteCacheObjectProcessor.class) {
      return type.cast(new CreationCheck(kernal));
    }
    if (type == GridSecurityProcessor.class) {
      return type.cast(new KeySecurity(kernal, keys, service, joinSecret, SHARED));
    }
    return null;
  }
}
