package io.pulsegrid.api.web;

import org.jspecify.annotations.Nullable;

/**
 * An answer before it is written.
 *
 * @param location where a created resource is found
 * @param version the resource's version, for its ETag; null when it has none
 */
public record Reply(
    int status, @Nullable String location, @Nullable Long version, @Nullable Object body) {

  /** 201 with Location and ETag. */
  public static Reply created(String location, @Nullable Long version, Object body) {
    return new Reply(201, location, version, body);
  }

  /** 200 with a body. */
  public static Reply ok(Object body) {
    return new Reply(200, null, null, body);
  }

  /** Done, with nothing to say. */
  public static Reply done() {
    return new Reply(204, null, null, null);
  }

  /** Taken in; it happens in a moment. */
  public static Reply accepted() {
    return new Reply(202, null, null, null);
  }
}
