/** Channels in Postgres, their credentials sealed. It never shows a credential to an API. */
@NullMarked
package io.pulsegrid.node.store.channels;

import org.jspecify.annotations.NullMarked;
