/** Channels as resources. It never shows a credential. */
@NullMarked
package io.pulsegrid.api.channels;

import org.jspecify.annotations.NullMarked;
