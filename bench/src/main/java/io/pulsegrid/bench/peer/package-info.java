/**
 * Other schedulers as nodes that publish, each in a JVM of its own beside what is measured. Nothing
 * here knows of Pulsegrid.
 */
@NullMarked
package io.pulsegrid.bench.peer;

import org.jspecify.annotations.NullMarked;
