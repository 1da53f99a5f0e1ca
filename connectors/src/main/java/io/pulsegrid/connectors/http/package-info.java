/**
 * One polite and wary way to read an address: bounded in time, size, redirects and reach. It never
 * knows what the bytes mean.
 */
@NullMarked
package io.pulsegrid.connectors.http;

import org.jspecify.annotations.NullMarked;
