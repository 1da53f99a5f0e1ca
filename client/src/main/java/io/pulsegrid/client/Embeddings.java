package io.pulsegrid.client;

import java.util.List;

/** One vector of unit length a text, in their order. */
public record Embeddings(String model, int dimensions, List<float[]> vectors) {}
