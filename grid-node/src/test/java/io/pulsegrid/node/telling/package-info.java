@NullMarked
package io.pulsegrid.node.telling;

import org.jspecify.annotations.NullMarked;
