package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.Standing;
import org.jspecify.annotations.Nullable;

/**
 * A delivery together with what the rules need to move it on.
 *
 * @param armedBy the process that armed it last; null if none did
 */
public record Charge(
    Delivery delivery,
    String platform,
    int priority,
    @Nullable String armedBy,
    Standing standing) {}
