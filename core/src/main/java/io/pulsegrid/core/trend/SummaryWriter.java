package io.pulsegrid.core.trend;

import java.util.List;

/**
 * Somebody outside who writes summaries, such as a language model. Safe for use by many threads.
 */
public interface SummaryWriter {
  /** The name of the model; two models' summaries are never taken for each other's. */
  String model();

  /**
   * Writes one summary. Never throws for what the network or the writer does; blocks until its own
   * deadline at most, so call it on a thread that may wait.
   *
   * @param maxTokens how long the answer may be at most, in the writer's tokens
   */
  Answer write(Material material, int maxTokens);

  /** How many tokens, prompt and answer, such a call takes at most. */
  int mostTokens(Material material, int maxTokens);

  /**
   * What a trend is told from.
   *
   * @param posts its posts' texts, the most told first
   */
  record Material(String label, List<String> keywords, List<String> posts) {
    public Material {
      keywords = List.copyOf(keywords);
      posts = List.copyOf(posts);
    }
  }

  /** What came of it. */
  sealed interface Answer {
    /**
     * A summary.
     *
     * @param promptTokens what the writer counted, or an estimate where it told nothing
     */
    record Written(String text, int promptTokens, int completionTokens) implements Answer {}

    /** None, though the writer may have been asked, and may charge for it. */
    record Failed(String detail) implements Answer {}

    /** None: the writer was not reached, so it was surely not asked. */
    record Unreached(String detail) implements Answer {}
  }
}
