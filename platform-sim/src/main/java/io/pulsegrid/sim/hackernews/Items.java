package io.pulsegrid.sim.hackernews;

import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Place;
import io.pulsegrid.sim.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Stories and their comments as of one moment. A story's comments follow it by number. */
final class Items {
  private static final Duration FRONT_PAGE_MEMORY = Duration.ofHours(36);
  private static final Duration BETWEEN_COMMENTS = Duration.ofMinutes(7);
  private static final double GRAVITY = 1.8;
  private static final String[] OPINIONS = {
    "I have seen this go wrong in production more than once.",
    "The article misses the point, but the comments here are worth reading.",
    "We did something similar two years ago and it held up well.",
    "Has anyone tried this at a larger scale?",
    "This is a solved problem, just not a popular one.",
    "Nice write-up. The benchmark section could use more detail.",
    "I was skeptical until I read the second half.",
    "Is there a source for the numbers?"
  };

  private final World world;
  private final Instant now;

  Items(World world, Instant now) {
    this.world = world;
    this.now = now;
  }

  List<Long> newest(int most) {
    return stories().map(Piece::number).limit(most).toList();
  }

  /** By votes, pulled down by age. */
  List<Long> top(int most) {
    return ranked(Comparator.comparingDouble(this::rank), most);
  }

  List<Long> best(int most) {
    return ranked(Comparator.comparingDouble(story -> story.likes(now)), most);
  }

  List<Long> titled(Predicate<String> title, int most) {
    return stories()
        .filter(story -> title.test(story.wording().headline()))
        .map(Piece::number)
        .limit(most)
        .toList();
  }

  long newestNumber() {
    return stories().findFirst().map(Piece::number).orElse(0L);
  }

  /** A story or a comment; empty where there is none, or not yet. */
  Optional<ObjectNode> item(long number) {
    long storyNumber = number - number % World.HACKERNEWS_STRIDE;
    int comment = (int) (number - storyNumber);
    Instant moment = World.hackerNewsMoment(number);
    if (moment.isAfter(now) || moment.isBefore(now.minus(World.MEMORY))) {
      return Optional.empty();
    }
    return world
        .between(Place.HACKERNEWS, moment, now)
        .takeWhile(story -> story.number() <= storyNumber)
        .filter(story -> story.number() == storyNumber)
        .filter(story -> comment <= comments(story))
        .findFirst()
        .map(story -> comment == 0 ? story(story) : comment(story, comment));
  }

  List<Piece> by(String author) {
    return stories().filter(story -> story.author().equals(author)).toList();
  }

  List<Piece> changed() {
    return stories().limit(40).toList();
  }

  private Stream<Piece> stories() {
    return world
        .before(Place.HACKERNEWS, now)
        .takeWhile(story -> story.at().isAfter(now.minus(FRONT_PAGE_MEMORY)));
  }

  private List<Long> ranked(Comparator<Piece> order, int most) {
    return stories().sorted(order.reversed()).map(Piece::number).limit(most).toList();
  }

  private double rank(Piece story) {
    double hours = Duration.between(story.at(), now).toMillis() / 3_600_000.0;
    return story.likes(now) / Math.pow(hours + 2, GRAVITY);
  }

  /** A comment comes no sooner than its place in the row allows, so numbers never jump ahead. */
  private long comments(Piece story) {
    long possible = Duration.between(story.at(), now).dividedBy(BETWEEN_COMMENTS);
    return Math.min(possible, story.comments(now));
  }

  private ObjectNode story(Piece story) {
    String title = story.wording().headline();
    long comments = comments(story);
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("by", story.author());
    if (!isJob(title)) {
      json.put("descendants", comments);
    }
    json.put("id", story.number());
    if (comments > 0) {
      ArrayNode kids = json.putArray("kids");
      LongStream.rangeClosed(1, comments).map(n -> story.number() + n).forEach(kids::add);
    }
    json.put("score", 1 + story.likes(now));
    json.put("time", story.at().getEpochSecond());
    json.put("title", title);
    json.put("type", isJob(title) ? "job" : "story");
    if (title.startsWith("Ask HN")) {
      json.put("text", "I keep running into this and would like to hear how others do it.");
    } else {
      json.put("url", story.url());
    }
    return json;
  }

  private static ObjectNode comment(Piece story, int comment) {
    String opinion = OPINIONS[Math.floorMod(story.appeal() + comment, OPINIONS.length)];
    return JsonMapper.shared()
        .createObjectNode()
        .put("by", "reader" + Math.floorMod(story.number() + comment, 997L))
        .put("id", story.number() + comment)
        .put("parent", story.number())
        .put("text", opinion)
        .put("time", story.at().plus(BETWEEN_COMMENTS.multipliedBy(comment)).getEpochSecond())
        .put("type", "comment");
  }

  static boolean isJob(String title) {
    return title.contains(" is hiring ");
  }
}
