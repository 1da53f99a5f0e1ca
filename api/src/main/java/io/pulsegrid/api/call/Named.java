package io.pulsegrid.api.call;

/** A body that names the resource it is about, as the path of a request does. */
public interface Named {
  String id();
}
