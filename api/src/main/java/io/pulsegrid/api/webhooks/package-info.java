/** The routes of webhooks. It never shows a secret twice. */
@NullMarked
package io.pulsegrid.api.webhooks;

import org.jspecify.annotations.NullMarked;
