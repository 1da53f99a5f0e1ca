/**
 * Language models behind an address. It sends posts' texts there and nothing else, and never
 * decides which.
 */
@NullMarked
package io.pulsegrid.connectors.llm;

import org.jspecify.annotations.NullMarked;
