/**
 * The posts that one node holds, on disk, found by words, by meaning and by what they are (Lucene).
 * It never decides who may see a post or which copy answers: the caller filters by workspace and
 * bucket, and fuses what several nodes found.
 */
@NullMarked
package io.pulsegrid.compute.index;

import org.jspecify.annotations.NullMarked;
