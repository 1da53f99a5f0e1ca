package io.pulsegrid.node.grid.wire;

import javax.cache.processor.MutableEntry;
import org.apache.ignite.cache.CacheEntryProcessor;

/**
 * Leaves the id of the post that comes first in the order of acceptance, and tells which that is:
 * which of two nodes looks first decides nothing. The value is the id and its place, with a space
 * between.
 */
public final class FirstComer implements CacheEntryProcessor<String, String, String> {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final long place;

  public FirstComer(String id, long place) {
    this.id = id;
    this.place = place;
  }

  @Override
  public String process(MutableEntry<String, String> entry, Object... arguments) {
    if (entry.exists() && !idOf(entry.getValue()).equals(id) && placeOf(entry.getValue()) < place) {
      return idOf(entry.getValue());
    }
    entry.setValue(id + " " + place);
    return id;
  }

  /** The id in a value. */
  public static String idOf(String value) {
    return value.substring(0, value.indexOf(' '));
  }

  private static long placeOf(String value) {
    return Long.parseLong(value.substring(value.indexOf(' ') + 1));
  }
}
