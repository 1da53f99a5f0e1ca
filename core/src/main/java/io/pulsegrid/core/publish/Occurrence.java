package io.pulsegrid.core.publish;

import java.time.LocalDateTime;

/**
 * Which post of a series one is.
 *
 * @param local when, on the wall
 */
public record Occurrence(String series, LocalDateTime local) {}
