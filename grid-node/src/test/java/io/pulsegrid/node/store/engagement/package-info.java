@NullMarked
package io.pulsegrid.node.store.engagement;

import org.jspecify.annotations.NullMarked;
