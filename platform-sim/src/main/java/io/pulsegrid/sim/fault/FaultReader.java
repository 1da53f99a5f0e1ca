package io.pulsegrid.sim.fault;

import io.pulsegrid.sim.http.RequestRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Faults as {@code POST /sim/faults} brings them; anything doubtful is refused by name. */
public final class FaultReader {
  private static final Set<String> FIELDS =
      Set.of("platform", "op", "kind", "match", "count", "probability", "delayMs");

  /** Other words for putting something on a platform. */
  private static final Map<String, String> SYNONYMS =
      Map.of("create", "publish", "post", "publish");

  private final Collection<Platform> platforms;

  public FaultReader(Collection<Platform> platforms) {
    this.platforms = List.copyOf(platforms);
  }

  /**
   * One fault or a list of them.
   *
   * @throws RequestRefused 400, when any of them is wrong
   */
  public List<Fault> read(JsonNode json) {
    if (json.isObject()) {
      return List.of(readOne(json, "fault"));
    }
    require(json.isArray(), "faults must be a list of {platform, op, kind, ...}");
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      faults.add(readOne(json.get(i), "faults[" + i + "]"));
    }
    return faults;
  }

  private Fault readOne(JsonNode json, String at) {
    require(json.isObject(), at + " must be an object, was " + json);
    for (String field : json.propertyNames()) {
      require(FIELDS.contains(field), at + "." + field + " is unknown; known: " + sorted(FIELDS));
    }
    String platform = platform(json, at);
    FaultKind kind = kind(json, at);
    Duration delay = delay(json, at);
    boolean waits = kind == FaultKind.DELAY || kind == FaultKind.CREATE_THEN_DELAY;
    require(!waits || !delay.isZero(), at + ".delayMs must be above 0 for kind " + kind.wire());
    return new Fault(
        platform,
        operation(json, at, platform),
        kind,
        optionalText(json, "match", at),
        count(json, at),
        probability(json, at),
        delay);
  }

  private String platform(JsonNode json, String at) {
    String name = text(json, "platform", Fault.ANY, at);
    Set<String> known = new TreeSet<>(platforms.stream().map(Platform::name).toList());
    require(
        name.equals(Fault.ANY) || known.contains(name),
        at + ".platform is unknown, was " + name + "; known: " + known + " and *");
    return name;
  }

  private String operation(JsonNode json, String at, String platform) {
    String asked = text(json, "op", Fault.ANY, at);
    String op = SYNONYMS.getOrDefault(asked, asked);
    Set<String> known = new TreeSet<>();
    platforms.stream()
        .filter(it -> platform.equals(Fault.ANY) || platform.equals(it.name()))
        .forEach(it -> known.addAll(it.operations()));
    require(
        op.equals(Fault.ANY) || known.contains(op),
        at + ".op is unknown, was " + op + "; known: " + known + " and *");
    return op;
  }

  private static FaultKind kind(JsonNode json, String at) {
    // 429 and 500 may come as numbers
    String wire = json.path("kind").asString("");
    return FaultKind.of(wire)
        .orElseThrow(
            () ->
                new RequestRefused(
                    400, at + ".kind must be one of " + FaultKind.known() + ", was " + wire));
  }

  private static @Nullable Long count(JsonNode json, String at) {
    JsonNode count = json.path("count");
    if (isAbsent(count)) {
      return null;
    }
    require(
        count.canConvertToLong() && count.asLong() > 0,
        at + ".count must be a whole number above 0, was " + count);
    return count.asLong();
  }

  private static double probability(JsonNode json, String at) {
    JsonNode probability = json.path("probability");
    if (isAbsent(probability)) {
      return 1;
    }
    double value = probability.isNumber() ? probability.asDouble() : -1;
    require(value > 0 && value <= 1, at + ".probability must be in (0, 1], was " + probability);
    return value;
  }

  private static Duration delay(JsonNode json, String at) {
    JsonNode delay = json.path("delayMs");
    if (isAbsent(delay)) {
      return Duration.ZERO;
    }
    require(
        delay.canConvertToLong() && delay.asLong() >= 0 && delay.asLong() <= 3_600_000,
        at + ".delayMs must be 0 to 3600000, was " + delay);
    return Duration.ofMillis(delay.asLong());
  }

  private static String text(JsonNode json, String field, String otherwise, String at) {
    String value = optionalText(json, field, at);
    return value == null ? otherwise : value;
  }

  private static @Nullable String optionalText(JsonNode json, String field, String at) {
    JsonNode value = json.path(field);
    if (isAbsent(value)) {
      return null;
    }
    require(
        value.isString() && !value.stringValue().isEmpty(),
        at + "." + field + " must be a text, was " + value);
    return value.stringValue();
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", new TreeSet<>(names));
  }

  private static void require(boolean right, String message) {
    if (!right) {
      throw new RequestRefused(400, message);
    }
  }
}
