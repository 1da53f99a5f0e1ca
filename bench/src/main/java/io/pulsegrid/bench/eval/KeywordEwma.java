package io.pulsegrid.bench.eval;

import io.pulsegrid.compute.text.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The baseline for bursts: each word's posts a minute beside their exponentially weighted mean; a
 * word that is three standard deviations above it alarms, once.
 */
final class KeywordEwma {
  private static final double WEIGHT = .05;
  private static final double DEVIATIONS = 3;
  private static final int FEWEST = 5;
  private static final int WORDS_OF_A_POST = 48;

  private final Map<String, Level> levels = new HashMap<>();
  private final List<Alarm> alarms = new ArrayList<>();

  private static final class Level {
    private double mean;
    private double variance;
    private Instant minute;
    private int posts;
    private int onTopic;
    private boolean alarmed;

    private Level(Instant minute) {
      this.minute = minute;
    }

    private void follow(int count) {
      double off = count - mean;
      mean += WEIGHT * off;
      variance = (1 - WEIGHT) * (variance + WEIGHT * off * off);
    }

    private void goOnTo(Instant next) {
      long minutes = Duration.between(minute, next).toMinutes();
      if (minutes > 0) {
        follow(posts);
        double left = Math.pow(1 - WEIGHT, minutes - 1d);
        mean *= left;
        variance *= left;
        minute = next;
        posts = 0;
        onTopic = 0;
      }
    }

    private boolean isFar() {
      return posts >= FEWEST && posts > mean + DEVIATIONS * Math.sqrt(variance);
    }
  }

  static List<Alarm> alarms(List<LabelledPost> posts) {
    KeywordEwma ewma = new KeywordEwma();
    posts.forEach(ewma::add);
    return ewma.alarms;
  }

  private void add(LabelledPost post) {
    Instant minute = post.at().truncatedTo(ChronoUnit.MINUTES);
    for (String word : Words.of(post.wording(), WORDS_OF_A_POST)) {
      Level level = levels.computeIfAbsent(word, _ -> new Level(minute));
      level.goOnTo(minute);
      level.posts++;
      level.onTopic += post.label().equals(DataSet.ON_TOPIC) ? 1 : 0;
      if (!level.alarmed && level.isFar()) {
        level.alarmed = true;
        alarms.add(new Alarm(word, post.at(), level.onTopic, level.posts));
      }
    }
  }
}
