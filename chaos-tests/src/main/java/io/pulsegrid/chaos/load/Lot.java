package io.pulsegrid.chaos.load;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import java.time.Instant;
import java.util.List;

/**
 * Posts that were imported, and acknowledged, together.
 *
 * @param word stands in the text of each of them and nowhere else
 */
public record Lot(String word, List<String> nativeIds, Instant acknowledged) {
  /** The platform that all of them are said to come from. */
  public static final String PLATFORM = "chaos";

  public Lot {
    nativeIds = List.copyOf(nativeIds);
  }

  /** The ids that REST knows them by. */
  public List<String> postIds() {
    return nativeIds.stream()
        .map(id -> PostId.of(WorkspaceId.DEFAULT, PLATFORM, id).value())
        .toList();
  }
}
