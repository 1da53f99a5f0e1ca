package io.pulsegrid.node.grid.wire;

import javax.cache.processor.MutableEntry;
import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.binary.BinaryReader;
import org.apache.ignite.binary.BinaryWriter;
import org.apache.ignite.binary.Binarylizable;
import org.apache.ignite.cache.CacheEntryProcessor;

/**
 * A post's embedding: the model that made it, its vector of unit length, and the place in the
 * sequence of the wording that it was made from.
 */
public final class VectorWire implements Binarylizable {
  private String model = "";
  private float[] vector = {};
  private long sequence;
  private int dirty;

  /** An embedding that Postgres lacks ({@code dirty}) or has. */
  public static VectorWire of(String model, float[] vector, long sequence, boolean dirty) {
    VectorWire wire = new VectorWire();
    wire.model = model;
    wire.vector = vector.clone();
    wire.sequence = sequence;
    wire.dirty = dirty ? 1 : 0;
    return wire;
  }

  public String model() {
    return model;
  }

  public float[] vector() {
    return vector.clone();
  }

  /** The later of two vectors of a post has the higher one. */
  public long sequence() {
    return sequence;
  }

  public boolean dirty() {
    return dirty != 0;
  }

  /** Clears the dirty flag, if the vector is still the one that was stored. */
  public static final class Stored implements CacheEntryProcessor<String, VectorWire, Boolean> {
    private static final long serialVersionUID = 1L;

    private final long sequence;

    public Stored(long sequence) {
      this.sequence = sequence;
    }

    @Override
    public Boolean process(MutableEntry<String, VectorWire> entry, Object... arguments) {
      if (!entry.exists()) {
        return false;
      }
      VectorWire wire = entry.getValue();
      if (wire.dirty == 0 || wire.sequence != sequence) {
        return false;
      }
      wire.dirty = 0;
      entry.setValue(wire);
      return true;
    }
  }

  /** What Postgres has, where the grid has none or an earlier one. */
  public static final class Adopted implements CacheEntryProcessor<String, VectorWire, Boolean> {
    private static final long serialVersionUID = 1L;

    private final VectorWire stored;

    public Adopted(VectorWire stored) {
      this.stored = stored;
    }

    @Override
    public Boolean process(MutableEntry<String, VectorWire> entry, Object... arguments) {
      if (entry.exists() && entry.getValue().sequence >= stored.sequence) {
        return false;
      }
      entry.setValue(stored);
      return true;
    }
  }

  /** Has it stored again. */
  public static final class Mistrusted implements CacheEntryProcessor<String, VectorWire, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean process(MutableEntry<String, VectorWire> entry, Object... arguments) {
      if (!entry.exists()) {
        return false;
      }
      VectorWire wire = entry.getValue();
      wire.dirty = 1;
      entry.setValue(wire);
      return true;
    }
  }

  @Override
  public void writeBinary(BinaryWriter writer) throws BinaryObjectException {
    writer.writeString("model", model);
    writer.writeFloatArray("vector", vector);
    writer.writeLong("sequence", sequence);
    writer.writeInt("dirty", dirty);
  }

  @Override
  public void readBinary(BinaryReader reader) throws BinaryObjectException {
    model = reader.readString("model");
    vector = reader.readFloatArray("vector");
    sequence = reader.readLong("sequence");
    dirty = reader.readInt("dirty");
  }
}
