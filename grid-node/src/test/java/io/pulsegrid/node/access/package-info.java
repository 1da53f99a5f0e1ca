/** Secrets under test. It never leaves a key file outside the test's own directory. */
@NullMarked
package io.pulsegrid.node.access;

import org.jspecify.annotations.NullMarked;
