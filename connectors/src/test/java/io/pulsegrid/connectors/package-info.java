/** What the tests of the connectors share. It never reaches beyond the loopback. */
@NullMarked
package io.pulsegrid.connectors;

import org.jspecify.annotations.NullMarked;
