package io.pulsegrid.connectors.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where an answer was found in the end, and where it has moved for good. */
record Place(URI url, @Nullable URI movedTo) {}
