package io.pulsegrid.node.grid;

import java.io.Serializable;
import java.util.UUID;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.plugin.CachePluginContext;
import org.apache.ignite.plugin.CachePluginProvider;
import org.apache.ignite.plugin.ExtensionRegistry;
import org.apache.ignite.plugin.IgnitePlugin;
import org.apache.ignite.plugin.PluginConfiguration;
import org.apache.ignite.plugin.PluginContext;
import org.apache.ignite.plugin.PluginProvider;
import org.jspecify.annotations.Nullable;

/** A part of ours inside Ignite that takes no part in anything until it says so. */
public abstract class QuietPlugin implements PluginProvider<PluginConfiguration> {
  private final String name;

  /** A plugin by a name that no other has. */
  protected QuietPlugin(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public String copyright() {
    return "";
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Ignite's own signature
  public <T extends IgnitePlugin> T plugin() {
    return (T) new IgnitePlugin() {};
  }

  @Override
  public void initExtensions(PluginContext context, ExtensionRegistry registry) {}

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Ignite's own signature
  public <T> @Nullable T createComponent(PluginContext context, Class<T> type) {
    return null;
  }

  @Override
  @SuppressWarnings("rawtypes") // Ignite's own signature
  public @Nullable CachePluginProvider createCacheProvider(CachePluginContext context) {
    return null;
  }

  @Override
  public void start(PluginContext context) {}

  @Override
  public void stop(boolean cancel) {}

  @Override
  public void onIgniteStart() {}

  @Override
  public void onIgniteStop(boolean cancel) {}

  @Override
  public @Nullable Serializable provideDiscoveryData(UUID nodeId) {
    return null;
  }

  @Override
  public void receiveDiscoveryData(UUID nodeId, Serializable data) {}

  /** What Ignite asked before it had the one with data; it still wants to see both. */
  @Override
  @Deprecated
  public void validateNewNode(ClusterNode node) {}
}
