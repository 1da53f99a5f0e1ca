/**
 * Hacker News through its Firebase API. It never fetches an item twice that it has seen settled.
 */
@NullMarked
package io.pulsegrid.connectors.hackernews;

import org.jspecify.annotations.NullMarked;
