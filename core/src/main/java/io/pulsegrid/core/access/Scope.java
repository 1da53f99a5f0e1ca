package io.pulsegrid.core.access;

/** What a key may do; each scope includes those before it. */
public enum Scope {
  READ,
  WRITE,
  ADMIN
}
