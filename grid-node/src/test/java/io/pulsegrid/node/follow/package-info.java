@NullMarked
package io.pulsegrid.node.follow;

import org.jspecify.annotations.NullMarked;
