package io.pulsegrid.node.grid.security;

import org.apache.ignite.IgniteCheckedException;
import org.apache.ignite.binary.BinaryType;
import org.apache.ignite.configuration.CacheConfiguration;
import org.apache.ignite.internal.GridKernalContext;
import org.apache.ignite.internal.processors.cache.CacheObjectContext;
import org.apache.ignite.internal.processors.cache.binary.CacheObjectBinaryProcessorImpl;
import org.apache.ignite.internal.processors.security.IgniteSecurity;
import org.apache.ignite.plugin.security.SecurityPermission;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether they may of whoever makes a cache or describes a type where Ignite asks nobody: for
 * the caches in which it keeps sets and atomic numbers, and for binary types. With any key a
 * program could make as many as it likes; and as such a cache has no backups, the first node to
 * leave would take partitions with it, after which Ignite takes no node into the grid or out of it
 * by itself.
 *
 * <p>Ignite works out how a cache keeps its objects on the node that is asked to make it, in the
 * name of who asks, before it says a word to the others; this is where we ask. A node that starts
 * what another was allowed to make does so in its own name, and is not asked.
 */
final class CreationCheck extends CacheObjectBinaryProcessorImpl {
  CreationCheck(GridKernalContext context) {
    super(context);
  }

  @Override
  @SuppressWarnings("rawtypes") // Ignite's own signature
  public CacheObjectContext contextForCache(CacheConfiguration cache)
      throws IgniteCheckedException {
    check(cache.getName(), SecurityPermission.CACHE_CREATE);
    return super.contextForCache(cache);
  }

  @Override
  public void addMeta(int typeId, BinaryType type, boolean failIfUnregistered) {
    check(null, SecurityPermission.ADMIN_METADATA_OPS);
    super.addMeta(typeId, type, failIfUnregistered);
  }

  private void check(@Nullable String name, SecurityPermission wanted) {
    IgniteSecurity security = ctx.security();
    if (!security.isDefaultContext()) {
      security.authorize(name, wanted);
    }
  }
}
