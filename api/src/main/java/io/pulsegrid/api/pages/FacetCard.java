package io.pulsegrid.api.pages;

import java.util.List;

/** A facet beside results: its most frequent values, each with the results narrowed to it. */
record FacetCard(String title, List<Value> values) {

  /**
   * A value.
   *
   * @param narrowed where the results with it are
   */
  record Value(String label, long count, String narrowed) {}

  /**
   * A value that results are narrowed to.
   *
   * @param widened where the results without it are
   */
  record Chosen(String title, String label, String widened) {}
}
