package io.pulsegrid.sim.world;

/** Where in the made-up world a piece appears. */
public enum Place {
  MASTODON,
  HACKERNEWS,
  FEEDS,
  BLUESKY,
  REDDIT,
  DEVTO,
  GITHUB,
  YOUTUBE
}
