package io.pulsegrid.core.grid;

import java.time.Instant;
import java.util.UUID;

/**
 * One node of the grid.
 *
 * @param http where its REST answers, such as {@code http://127.0.0.1:8080}
 * @param grid the grid's name
 * @param state {@code starting}, {@code ready} or {@code leaving}
 * @param primaries how many partitions of posts it is primary for
 * @param gpu whether it embeds on a GPU
 */
public record Node(
    UUID id,
    long pid,
    String http,
    String grid,
    String state,
    Instant since,
    int primaries,
    boolean gpu) {}
