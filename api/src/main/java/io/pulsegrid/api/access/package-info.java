/**
 * Who may call: bearer keys on the API, a key in a cookie on the pages, scopes on both, and the
 * resources that manage them. It never keeps or logs a key.
 */
@NullMarked
package io.pulsegrid.api.access;

import org.jspecify.annotations.NullMarked;
