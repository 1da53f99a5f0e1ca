package io.pulsegrid.chaos.load;

import java.time.Instant;

/** One search for posts that are known to be there, and how many of them it missed. */
public record Look(Instant at, int missed) {}
