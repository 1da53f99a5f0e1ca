/**
 * The command line: starts and watches the processes of one machine, and speaks REST for the rest.
 * It never touches the grid or the store's rows itself.
 */
@NullMarked
package io.pulsegrid.node.launch;

import org.jspecify.annotations.NullMarked;
