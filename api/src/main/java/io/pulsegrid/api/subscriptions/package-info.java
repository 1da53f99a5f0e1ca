/** Subscriptions to trends as resources. It never compares them with any trend. */
@NullMarked
package io.pulsegrid.api.subscriptions;

import org.jspecify.annotations.NullMarked;
