/**
 * The REST front and the web pages of a node. It never sees more of Pulsegrid than the ports of
 * core.
 */
@NullMarked
package io.pulsegrid.api;

import org.jspecify.annotations.NullMarked;
