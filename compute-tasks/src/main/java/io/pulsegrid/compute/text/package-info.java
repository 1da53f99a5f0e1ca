/**
 * How wording is read: folded, cut into words and sentences, fingerprinted, and told in keywords.
 * It never keeps anything between two calls.
 */
@NullMarked
package io.pulsegrid.compute.text;

import org.jspecify.annotations.NullMarked;
