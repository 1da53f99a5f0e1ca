package io.pulsegrid.compute.cluster;

import io.pulsegrid.compute.text.Headline;
import io.pulsegrid.compute.text.Keywords;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Trend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a story is told to people: headline, keywords, a few sentences, and where it stands. */
final class Telling {
  private static final int KEYWORDS = 8;
  private static final int SENTENCES = 3;
  private static final double REPEATS = .5;

  private final WorkspaceId workspace;
  private final Vocabulary vocabulary;

  Telling(WorkspaceId workspace, Vocabulary vocabulary) {
    this.workspace = workspace;
    this.vocabulary = vocabulary;
  }

  Trend of(Story story, Tide tide, long now, int activeStories) {
    Pulse pulse = story.pulse.lookedAt(now);
    double expectation = tide.expectation(story.platforms, now);
    Evidence evidence =
        new Evidence(
            Instant.ofEpochMilli(now),
            pulse.hours().before(now),
            pulse.hours().during(now),
            rounded(pulse.hourly()),
            rounded(pulse.usualHourly(expectation)));
    return trend(story, pulse, pulse.score(expectation), evidence, activeStories);
  }

  /** A story that leaves the active set: whatever it was, it has faded. */
  Trend last(Story story, long now, int activeStories) {
    Pulse pulse = story.pulse.lookedAt(now);
    pulse.end();
    Evidence evidence = new Evidence(Instant.ofEpochMilli(now), pulse.hours().before(now), 0, 0, 0);
    return trend(story, pulse, 0, evidence, activeStories);
  }

  private Trend trend(
      Story story, Pulse pulse, double score, Evidence evidence, int activeStories) {
    return new Trend(
        story.id,
        workspace,
        wording(story, activeStories),
        pulse.state(),
        rounded(score),
        story.posts,
        story.platforms,
        Instant.ofEpochMilli(story.firstSeen),
        Instant.ofEpochMilli(story.lastSeen),
        pulse.moments(),
        evidence);
  }

  private static double rounded(double figure) {
    return Math.round(figure * 1000) / 1000d;
  }

  private Trend.Wording wording(Story story, int activeStories) {
    Map<String, Integer> users = new HashMap<>();
    Map<String, Double> rarity = new HashMap<>();
    story.terms.forEach(
        (term, posts) -> {
          users.put(term.word, posts);
          rarity.put(term.word, vocabulary.rarity(term, activeStories));
        });
    List<String> keywords = Keywords.of(users, word -> rarity.getOrDefault(word, 0d), KEYWORDS);
    Exemplar central = story.central();
    return new Trend.Wording(
        Headline.of(central.wording), keywords, summary(story, central, activeStories));
  }

  /** Begins with the central post, then adds what says most that was not yet said. */
  private String summary(Story story, Exemplar central, int activeStories) {
    List<Said> sentences = new ArrayList<>();
    List<Exemplar> order = new ArrayList<>(story.exemplars);
    order.remove(central);
    order.addFirst(central);
    for (Exemplar exemplar : order) {
      for (Sentence sentence : exemplar.sentences(vocabulary)) {
        sentences.add(said(sentence, story, activeStories));
      }
    }
    List<String> chosen = new ArrayList<>();
    Set<Term> covered = new HashSet<>();
    while (chosen.size() < SENTENCES && !sentences.isEmpty()) {
      Said best = sentences.getFirst();
      if (!chosen.isEmpty()) {
        for (Said said : sentences) {
          best = said.weight() > best.weight() ? said : best;
        }
      }
      sentences.remove(best);
      if (chosen.isEmpty() || best.addsTo(covered)) {
        chosen.add(best.sentence());
        covered.addAll(best.terms());
      }
    }
    return String.join(" ", chosen);
  }

  private Said said(Sentence sentence, Story story, int activeStories) {
    Set<Term> terms = new HashSet<>();
    double weight = 0;
    for (String word : sentence.words()) {
      Term term = vocabulary.term(word);
      if (terms.add(term)) {
        double share = (double) story.terms.getOrDefault(term, 0) / story.originals;
        weight += share * vocabulary.rarity(term, activeStories);
      }
    }
    return new Said(
        sentence.text(), terms, terms.isEmpty() ? 0 : weight / Math.sqrt(terms.size() + 4));
  }

  private record Said(String sentence, Set<Term> terms, double weight) {
    boolean addsTo(Set<Term> covered) {
      long repeated = terms.stream().filter(covered::contains).count();
      return !terms.isEmpty() && repeated <= REPEATS * terms.size();
    }
  }
}
