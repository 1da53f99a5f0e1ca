package io.pulsegrid.sim.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Turns an hour's seed into the stories that break in it and the chatter around them. */
final class Storyteller {
  /** How long after its first piece a story can still be told. */
  static final Duration LONGEST_STORY = Duration.ofHours(11);

  private static final int MOST_PIECES = 240;
  private static final List<Place> ELSEWHERE =
      List.of(Place.BLUESKY, Place.REDDIT, Place.DEVTO, Place.GITHUB, Place.YOUTUBE);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Script script;

  Storyteller(Script script) {
    this.script = script;
  }

  /** Everything that will ever be said of the stories that break in the hour from {@code start}. */
  List<Piece> stories(Instant start, SplittableRandom random) {
    List<Piece> pieces = new ArrayList<>();
    int stories = random.nextInt(6, 14);
    for (int i = 0; i < stories; i++) {
      tell(start.plusMillis(random.nextLong(HOUR.toMillis())), random.split(), pieces);
    }
    return pieces;
  }

  /** The hour's pieces that belong to no story. */
  List<Piece> chatter(Instant start, SplittableRandom random) {
    List<Piece> pieces = new ArrayList<>();
    chat(pieces, Place.MASTODON, 'M', random.nextInt(50, 110), start, random);
    chat(pieces, Place.HACKERNEWS, 'N', random.nextInt(12, 24), start, random);
    chat(pieces, Place.FEEDS, 'S', random.nextInt(8, 16), start, random);
    chat(pieces, Place.BLUESKY, 'M', random.nextInt(20, 50), start, random);
    chat(pieces, Place.REDDIT, 'S', random.nextInt(12, 24), start, random);
    chat(pieces, Place.DEVTO, 'N', random.nextInt(6, 12), start, random);
    chat(pieces, Place.GITHUB, 'N', random.nextInt(6, 12), start, random);
    chat(pieces, Place.YOUTUBE, 'S', random.nextInt(6, 12), start, random);
    return pieces;
  }

  private void chat(
      List<Piece> pieces,
      Place place,
      char letter,
      int count,
      Instant start,
      SplittableRandom random) {
    List<String> lines = script.chatter().getOrDefault(letter, List.of());
    List<String> sections = script.plots().stream().map(Plot::section).distinct().toList();
    for (int i = 0; i < count; i++) {
      String line = new Cast(script.vocabulary(), random).fill(pick(lines, random));
      var wording = new Piece.Wording(line, line, pick(sections, random), List.of());
      Instant at = start.plusMillis(random.nextLong(HOUR.toMillis()));
      pieces.add(piece(place, at, wording, random));
    }
  }

  private void tell(Instant breaks, SplittableRandom random, List<Piece> pieces) {
    Plot plot = pick(script.plots(), random);
    Cast cast = new Cast(script.vocabulary(), random);
    // Few stories are told by many: a Pareto tail from 5 pieces on.
    int count = (int) Math.min(MOST_PIECES, 5 / Math.pow(1 - random.nextDouble(), 0.9));
    double pace = Duration.ofMinutes(8).toMillis() + 0.4 * count * Duration.ofMinutes(1).toMillis();
    List<String> said = new ArrayList<>();
    int before = pieces.size();
    for (int i = 0; i < count; i++) {
      // The sum of two waits: interest climbs steeply, then fades.
      double wait =
          i == 0
              ? 0
              : -pace * (Math.log(1 - random.nextDouble()) + Math.log(1 - random.nextDouble()));
      if (wait < LONGEST_STORY.toMillis()) {
        pieces.add(retell(plot, cast, breaks.plusMillis((long) wait), said, random));
      }
    }
    pieces.addAll(spread(plot, cast, pieces.subList(before, pieces.size()), random));
  }

  /** Every third piece of a story is told elsewhere too, a little later and in other words. */
  private List<Piece> spread(Plot plot, Cast cast, List<Piece> told, SplittableRandom random) {
    List<Piece> elsewhere = new ArrayList<>();
    for (Piece piece : told) {
      if (random.nextInt(3) > 0) {
        continue;
      }
      Place place = pick(ELSEWHERE, random);
      String headline = capitalized(cast.fill(pick(plot.headlines(), random)));
      String fact = capitalized(cast.fill(pick(plot.facts(), random)));
      String remark = cast.fill(pick(plot.remarks(), random));
      String text = place == Place.BLUESKY ? remark + " #" + pick(plot.tags(), random) : fact;
      var wording = new Piece.Wording(headline, text, plot.section(), plot.tags());
      Instant at = piece.at().plusSeconds(random.nextLong(30, 900));
      elsewhere.add(piece(place, at, wording, random));
    }
    return elsewhere;
  }

  private Piece retell(
      Plot plot, Cast cast, Instant at, List<String> said, SplittableRandom random) {
    String headline = capitalized(cast.fill(pick(plot.headlines(), random)));
    String fact = capitalized(cast.fill(pick(plot.facts(), random)));
    int where = random.nextInt(100);
    if (where < 12) {
      var wording = new Piece.Wording(headline, "", plot.section(), plot.tags());
      return piece(Place.HACKERNEWS, at, wording, random);
    }
    if (where < 30) {
      String more = capitalized(cast.fill(pick(plot.facts(), random)));
      String text = fact.equals(more) ? fact : fact + " " + more;
      var wording = new Piece.Wording(headline, text, plot.section(), plot.tags());
      return piece(Place.FEEDS, at, wording, random);
    }
    String text = remark(plot, cast, headline, fact, said, random);
    var wording = new Piece.Wording(headline, text, plot.section(), plot.tags());
    return piece(Place.MASTODON, at, wording, random);
  }

  private String remark(
      Plot plot,
      Cast cast,
      String headline,
      String fact,
      List<String> said,
      SplittableRandom random) {
    if (!said.isEmpty() && random.nextInt(100) < 8) {
      return "RT @" + script.vocabulary().handle(random) + ": " + pick(said, random);
    }
    StringBuilder text = new StringBuilder();
    if (random.nextInt(100) < 25) {
      text.append(script.vocabulary().word("opener", random)).append(' ');
    }
    text.append(random.nextInt(100) < 60 ? cast.fill(pick(plot.remarks(), random)) : headline);
    if (random.nextInt(100) < 35) {
      endSentence(text).append(' ').append(fact);
    }
    if (random.nextInt(100) < 20) {
      endSentence(text).append(' ').append(script.vocabulary().word("closer", random));
    }
    said.add(text.toString());
    if (random.nextInt(100) < 50) {
      text.append(" #").append(pick(plot.tags(), random));
    }
    return text.toString();
  }

  private static StringBuilder endSentence(StringBuilder text) {
    return ".!?".indexOf(text.charAt(text.length() - 1)) < 0 ? text.append('.') : text;
  }

  private Piece piece(Place place, Instant at, Piece.Wording wording, SplittableRandom random) {
    Vocabulary vocabulary = script.vocabulary();
    String author =
        place == Place.FEEDS ? vocabulary.word("publisher", random) : vocabulary.handle(random);
    String host =
        vocabulary.word("company", random).toLowerCase(Locale.ROOT)
            + "."
            + vocabulary.word("tld", random);
    String url = "https://" + host + "/" + slug(wording.headline()) + "-" + random.nextInt(100_000);
    int appeal = (int) Math.min(2_000, 2 / Math.pow(1 - random.nextDouble(), 1.1));
    return new Piece(0, place, at, author, wording, url, appeal);
  }

  private static String capitalized(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }

  private static String slug(String headline) {
    String slug = headline.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug.length() <= 60 ? slug : slug.substring(0, 60);
  }

  private static <T> T pick(List<T> all, SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }
}
