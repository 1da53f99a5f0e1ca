/** Crooked on purpose: it breaks what the house asks of node.config. */
@NullMarked
package io.pulsegrid.chaos.crooked.node.config;

import org.jspecify.annotations.NullMarked;
