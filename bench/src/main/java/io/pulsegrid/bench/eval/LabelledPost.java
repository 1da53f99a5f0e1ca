package io.pulsegrid.bench.eval;

import java.time.Instant;

/** A post of a public data set. */
record LabelledPost(String nativeId, String wording, String label, Instant at) {}
