package io.pulsegrid.node.grid.wire;

import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.binary.BinaryReader;
import org.apache.ignite.binary.BinaryWriter;
import org.apache.ignite.binary.Binarylizable;

/** A post's embedding: the model that made it and its vector of unit length. */
public final class VectorWire implements Binarylizable {
  private String model = "";
  private float[] vector = {};
  private int dirty;

  public static VectorWire of(String model, float[] vector, boolean dirty) {
    VectorWire wire = new VectorWire();
    wire.model = model;
    wire.vector = vector.clone();
    wire.dirty = dirty ? 1 : 0;
    return wire;
  }

  public String model() {
    return model;
  }

  public float[] vector() {
    return vector.clone();
  }

  public boolean dirty() {
    return dirty != 0;
  }

  void stored() {
    dirty = 0;
  }

  @Override
  public void writeBinary(BinaryWriter writer) throws BinaryObjectException {
    writer.writeString("model", model);
    writer.writeFloatArray("vector", vector);
    writer.writeInt("dirty", dirty);
  }

  @Override
  public void readBinary(BinaryReader reader) throws BinaryObjectException {
    model = reader.readString("model");
    vector = reader.readFloatArray("vector");
    dirty = reader.readInt("dirty");
  }
}
