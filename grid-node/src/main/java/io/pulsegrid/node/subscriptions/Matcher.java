package io.pulsegrid.node.subscriptions;

import io.pulsegrid.compute.text.Words;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Wanted;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.node.store.telling.SubscriptionQueue.Match;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Which trends concern which subscriptions. A trend is about a query if its summary, the sentences
 * of its most central posts, is near enough in meaning. For one thread.
 */
final class Matcher {
  /** The least cosine of a query and a summary; of all queries the same. docs/trends.md has why. */
  static final double ABOUT = .38;

  private static final int WORDS = 400;
  private static final int REMEMBERED = 2_000;

  private final Embedder embedder;

  /** The vectors of queries and summaries seen lately. */
  private final Map<String, float[]> vectors =
      new LinkedHashMap<>(64, .75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
          return size() > REMEMBERED;
        }
      };

  Matcher(Embedder embedder) {
    this.embedder = embedder;
  }

  /** The pairs that match, in the order of the subscriptions. */
  List<Match> of(List<Subscription> subscriptions, List<Trend> trends) {
    List<Match> plain = new ArrayList<>();
    for (Subscription subscription : subscriptions) {
      Wanted wanted = subscription.spec().wanted();
      for (Trend trend : trends) {
        if (isPlainly(wanted, trend)) {
          plain.add(new Match(subscription, trend));
        }
      }
    }
    Map<String, float[]> known = embedded(plain);
    return plain.stream().filter(match -> isAbout(match, known)).toList();
  }

  private static boolean isPlainly(Wanted wanted, Trend trend) {
    String platform = wanted.platform();
    String keyword = wanted.keyword();
    return trend.score() >= wanted.minScore()
        && (platform == null || trend.platforms().containsKey(platform))
        && (keyword == null || says(trend, keyword));
  }

  private static boolean says(Trend trend, String keyword) {
    List<String> wanted = Words.of(keyword, WORDS);
    if (!wanted.isEmpty()) {
      return allWords(trend, text -> Words.of(text, WORDS)).containsAll(wanted);
    }
    // IT, WHO, X: of words that seldom carry a matter, each must stand there as it is.
    List<String> plain = Words.plain(keyword);
    return !plain.isEmpty() && allWords(trend, Words::plain).containsAll(plain);
  }

  private static Set<String> allWords(Trend trend, Function<String, List<String>> reading) {
    Trend.Wording wording = trend.wording();
    Set<String> words = new HashSet<>(reading.apply(wording.label()));
    words.addAll(reading.apply(wording.summary()));
    wording.keywords().forEach(word -> words.addAll(reading.apply(word)));
    return words;
  }

  private static boolean isAbout(Match match, Map<String, float[]> vectors) {
    String query = match.subscription().spec().wanted().query();
    return query == null
        || cosine(
                Objects.requireNonNull(vectors.get(query)),
                Objects.requireNonNull(vectors.get(told(match.trend()))))
            >= ABOUT;
  }

  /** Of all queries and summaries that are to be compared; the new ones in one batch. */
  private Map<String, float[]> embedded(Collection<Match> matches) {
    Set<String> texts = new LinkedHashSet<>();
    for (Match match : matches) {
      String query = match.subscription().spec().wanted().query();
      if (query != null) {
        texts.add(query);
        texts.add(told(match.trend()));
      }
    }
    List<String> unknown = texts.stream().filter(text -> !vectors.containsKey(text)).toList();
    Map<String, float[]> all = new LinkedHashMap<>();
    if (!unknown.isEmpty()) {
      List<float[]> fresh = embedder.embed(unknown);
      for (int i = 0; i < fresh.size(); i++) {
        all.put(unknown.get(i), fresh.get(i));
      }
    }
    for (String text : texts) {
      float[] vector = vectors.get(text);
      if (vector != null) {
        all.put(text, vector);
      }
    }
    vectors.putAll(all);
    return all;
  }

  private static String told(Trend trend) {
    Trend.Wording wording = trend.wording();
    return wording.summary().isBlank() ? wording.label() : wording.summary();
  }

  private static double cosine(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
