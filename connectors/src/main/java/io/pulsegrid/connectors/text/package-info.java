/** What a person would read in markup and in badly kept text. It never fetches anything. */
@NullMarked
package io.pulsegrid.connectors.text;

import org.jspecify.annotations.NullMarked;
