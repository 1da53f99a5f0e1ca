package io.pulsegrid.bench.eval;

import io.pulsegrid.compute.text.Copies;
import io.pulsegrid.compute.text.Fingerprint;
import io.pulsegrid.core.post.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which posts of a stream repeat which, as a node finds them, without the node. */
final class CopyGroups {
  private final Map<String, Integer> byWords = new HashMap<>();
  private final Map<String, Integer> byTrace = new HashMap<>();
  private final List<Content> contents = new ArrayList<>();
  private final List<Integer> originals = new ArrayList<>();

  /** Takes the next post in; the place of its original in the stream, its own if it is one. */
  int add(String wording, @Nullable String url) {
    int place = contents.size();
    Content content = new Content("eval", "1", url, null, null, wording, null, null, List.of());
    contents.add(content);
    int first =
        Fingerprint.of(wording)
            .map(print -> byWords.computeIfAbsent(print, _ -> place))
            .orElse(place);
    originals.add(first == place ? edited(place, content) : originals.get(first));
    return originals.get(place);
  }

  private int edited(int place, Content content) {
    TreeSet<Integer> holders = new TreeSet<>();
    for (String trace : Copies.traces(content)) {
      holders.add(byTrace.computeIfAbsent(trace, _ -> place));
    }
    holders.remove(place);
    for (int holder : holders) {
      int original = originals.get(holder);
      if (Copies.areCopies(content, contents.get(original))) {
        return original;
      }
    }
    return place;
  }

  /** Whether the second of two posts is taken for a copy of the first. */
  static boolean areCopies(String one, String other) {
    CopyGroups groups = new CopyGroups();
    groups.add(one, null);
    return groups.add(other, null) == 0;
  }

  /** The groups of all posts, by the places of their originals. */
  static List<Integer> of(List<LabelledPost> posts) {
    CopyGroups groups = new CopyGroups();
    return posts.stream().map(post -> groups.add(post.wording(), post.url())).toList();
  }
}
