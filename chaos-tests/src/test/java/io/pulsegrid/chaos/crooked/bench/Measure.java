package io.pulsegrid.chaos.crooked.bench;

/** Something that only stands here to be depended on. */
public interface Measure {}
