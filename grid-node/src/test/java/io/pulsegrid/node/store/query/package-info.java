/** Tests of SQL that strangers send. */
@NullMarked
package io.pulsegrid.node.store.query;

import org.jspecify.annotations.NullMarked;
