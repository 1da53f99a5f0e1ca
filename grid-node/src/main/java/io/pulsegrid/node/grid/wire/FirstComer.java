package io.pulsegrid.node.grid.wire;

import javax.cache.processor.MutableEntry;
import org.apache.ignite.cache.CacheEntryProcessor;

/** Leaves the id that came first, and tells which that is. */
public final class FirstComer implements CacheEntryProcessor<String, String, String> {
  private static final long serialVersionUID = 1L;

  private final String id;

  public FirstComer(String id) {
    this.id = id;
  }

  @Override
  public String process(MutableEntry<String, String> entry, Object... arguments) {
    if (!entry.exists()) {
      entry.setValue(id);
      return id;
    }
    return entry.getValue();
  }
}
