/** What happens, told to whoever listens on any node. It never waits for a listener. */
@NullMarked
package io.pulsegrid.node.telling;

import org.jspecify.annotations.NullMarked;
