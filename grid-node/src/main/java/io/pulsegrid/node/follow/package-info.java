/**
 * Posts that are asked about again while they are young, and what became of them. It never collects
 * a post it did not know.
 */
@NullMarked
package io.pulsegrid.node.follow;

import org.jspecify.annotations.NullMarked;
