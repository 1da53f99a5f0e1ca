package io.pulsegrid.client;

/** An account that posts go out on. */
public record Channel(String id, String platform, String handle, String zone, boolean paused) {}
