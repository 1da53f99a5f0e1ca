package io.pulsegrid.node.grid.wire;

import javax.cache.processor.MutableEntry;
import org.apache.ignite.cache.CacheEntryProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the id of the post that comes first in the order of acceptance, and tells which that is:
 * which of two nodes looks first decides nothing. One that no longer has a claim gives way. The
 * value is the id and its place, with a space between.
 */
public final class FirstComer implements CacheEntryProcessor<String, String, String> {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final long place;
  private final @Nullable String former;

  public FirstComer(String id, long place) {
    this(id, place, null);
  }

  private FirstComer(String id, long place, @Nullable String former) {
    this.id = id;
    this.place = place;
    this.former = former;
  }

  /** The same claim, where that of {@code former} is known to be void. */
  public FirstComer insteadOf(String former) {
    return new FirstComer(id, place, former);
  }

  /** Who claims. */
  public String id() {
    return id;
  }

  @Override
  public String process(MutableEntry<String, String> entry, Object... arguments) {
    if (entry.exists()) {
      String holder = idOf(entry.getValue());
      if (!holder.equals(id) && !holder.equals(former) && placeOf(entry.getValue()) < place) {
        return holder;
      }
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
