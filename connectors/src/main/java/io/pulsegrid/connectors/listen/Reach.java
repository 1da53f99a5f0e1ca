package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.WebClient;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What every collector of an API reaches the outside with.
 *
 * @param limits of one call, by kind; asked at each visit, so that they may change while running
 */
public record Reach(
    WebClient web, Quota quota, Function<String, FetchLimits> limits, InstantSource clock) {}
