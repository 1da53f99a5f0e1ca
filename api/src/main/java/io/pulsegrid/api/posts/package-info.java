/** Collected posts: importing, listing, reading. It never decides what becomes of a post. */
@NullMarked
package io.pulsegrid.api.posts;

import org.jspecify.annotations.NullMarked;
