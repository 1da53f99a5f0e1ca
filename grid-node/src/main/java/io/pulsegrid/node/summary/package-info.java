/**
 * Summaries of trends by a language model, where one is given. It never changes a trend: without a
 * summary, or while the model is away, each shows its own sentences.
 */
@NullMarked
package io.pulsegrid.node.summary;

import org.jspecify.annotations.NullMarked;
