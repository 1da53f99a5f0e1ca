package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.EngagementReader;
import java.util.ArrayList;
import java.util.List;

/**
 * The collectors of all platforms that are read through an API, and who reads engagement there:
 * they, and those who ask after nothing but what was published.
 */
public record Collectors(List<Collector> collectors, List<EngagementReader> readers) {
  public static Collectors over(Reach reach) {
    List<ApiCollector> all =
        List.of(
            new BlueskyCollector(reach),
            new DevtoCollector(reach),
            new GithubCollector(reach),
            new MastodonCollector(reach),
            new RedditCollector(reach),
            new YoutubeCollector(reach));
    List<EngagementReader> readers = new ArrayList<>(all);
    readers.add(MetaReader.facebook(reach));
    readers.add(MetaReader.instagram(reach));
    readers.add(new LinkedinReader(reach));
    return new Collectors(List.copyOf(all), List.copyOf(readers));
  }
}
