package io.pulsegrid.client;

/** How the world answered a post. */
public record Engagement(long likes, long comments, long shares, long views) {}
