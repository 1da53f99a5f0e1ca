package io.pulsegrid.bench.eval;

import io.pulsegrid.compute.cluster.ClusterSettings;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.Trend.Moment;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An event relived by its posts' own times: trends are told once a minute, as a node does. An alert
 * is the first time that a trend is told to have been EMERGING or RISING.
 *
 * @param trends the trend of each post in the end
 */
record Replay(List<Alarm> alarms, List<TrendId> trends, Map<TrendId, Trend> told) {
  private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

  static Replay of(DataSet set, List<float[]> vectors) {
    StoryRun run = new StoryRun(ClusterSettings.STANDARD);
    List<Alarm> alarms = new ArrayList<>();
    Map<TrendId, Trend> told = new HashMap<>();
    Set<TrendId> alerted = new HashSet<>();
    Instant tell = Instant.MIN;
    for (int i = 0; i < set.posts().size(); i++) {
      LabelledPost post = set.posts().get(i);
      if (!post.at().isBefore(tell)) {
        tell(run, set, post.at(), told, alerted, alarms);
        tell = post.at().plus(TOLD_EVERY);
      }
      run.add(post, vectors.get(i));
    }
    tell(run, set, tell, told, alerted, alarms);
    return new Replay(alarms, run.trends(), told);
  }

  private static void tell(
      StoryRun run,
      DataSet set,
      Instant at,
      Map<TrendId, Trend> told,
      Set<TrendId> alerted,
      List<Alarm> alarms) {
    List<TrendId> members = null;
    for (Trend trend : run.drain()) {
      told.put(trend.id(), trend);
      if (rises(trend) && alerted.add(trend.id())) {
        members = members == null ? run.trends() : members;
        alarms.add(alarm(trend.id(), at, members, set));
      }
    }
  }

  private static boolean rises(Trend trend) {
    return trend.history().stream()
        .anyMatch(
            moment ->
                moment instanceof Moment.Entered entered
                    && (entered.state() == TrendState.EMERGING
                        || entered.state() == TrendState.RISING));
  }

  private static Alarm alarm(TrendId trend, Instant at, List<TrendId> members, DataSet set) {
    int posts = 0;
    int onTopic = 0;
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).equals(trend)) {
        posts++;
        onTopic += set.posts().get(i).label().equals(DataSet.ON_TOPIC) ? 1 : 0;
      }
    }
    return new Alarm(trend.value(), at, onTopic, posts);
  }
}
