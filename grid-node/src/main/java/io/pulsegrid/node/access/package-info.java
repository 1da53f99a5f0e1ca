/**
 * Secrets: tokens, the key that credentials are sealed with, and what may be read with it. It never
 * stores anything but the two key files in the data directory.
 */
@NullMarked
package io.pulsegrid.node.access;

import org.jspecify.annotations.NullMarked;
