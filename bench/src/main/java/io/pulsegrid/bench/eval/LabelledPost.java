package io.pulsegrid.bench.eval;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A post of a public data set.
 *
 * @param url the page that it leads to; null where the set does not say
 */
record LabelledPost(
    String nativeId, String wording, @Nullable String url, String label, Instant at) {}
