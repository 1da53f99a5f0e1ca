/**
 * Texts to vectors: one model, run by ONNX Runtime or PyTorch through DJL, in batches that waste
 * little on padding. It never reaches the network, except for a {@code djl://} model that the
 * operator asked for, and never compares vectors.
 */
@NullMarked
package io.pulsegrid.compute.embedding;

import org.jspecify.annotations.NullMarked;
