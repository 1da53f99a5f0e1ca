package io.pulsegrid.chaos.crooked.connectors;

import ai.djl.ndarray.NDArray;
import ai.onnxruntime.OrtSession;
import io.pulsegrid.chaos.crooked.node.config.Webbed;

/** A connector that knows the node and embeds texts itself. */
public interface Nosy {
  Webbed node();

  NDArray vector();

  OrtSession session();
}
