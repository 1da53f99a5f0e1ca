package io.pulsegrid.client;

/**
 * The grid's service for programs, as Ignite calls it; safe for many threads. Its method's name and
 * parameter are part of the contract.
 */
@FunctionalInterface
interface Door {
  /** The name of the service. */
  String NAME = "pulsegrid";

  byte[] call(byte[] message);
}
