/**
 * The platforms as places to listen to, through their APIs: one class each. It never posts anything
 * and never keeps what it read.
 */
@NullMarked
package io.pulsegrid.connectors.listen;

import org.jspecify.annotations.NullMarked;
