/**
 * Stories found in a stream of posts, one pass, in event time. It never reads a clock, draws lots
 * or starts a thread: the same posts in the same order make the same trends.
 */
@NullMarked
package io.pulsegrid.compute.cluster;

import org.jspecify.annotations.NullMarked;
