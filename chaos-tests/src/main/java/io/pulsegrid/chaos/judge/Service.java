package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.load.Deed;
import io.pulsegrid.chaos.load.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What clients saw of a fault.
 *
 * @param refused tries that a node refused or did not answer
 * @param reasons how often each was why
 * @param longestWriteMillis the longest that an import or a schedule took over all its tries
 * @param searchesFailed searches that no node answered
 * @param searchesShort searches that missed what was found before
 * @param recoveredMillis from the healing until the last client that was held up was served and the
 *     last search that missed something was answered
 * @param searchesWholeMillis from a strike of the fault until the last search that missed something
 *     before the next one, at the worst
 */
public record Service(
    int refused,
    TreeMap<String, Long> reasons,
    long longestWriteMillis,
    long searchesFailed,
    long searchesShort,
    long recoveredMillis,
    long searchesWholeMillis) {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  public Service {
    reasons = new TreeMap<>(reasons);
  }

  /**
   * All that was seen.
   *
   * @param strikes when the fault struck, in order: once or several times
   */
  static Service seen(List<Deed> deeds, List<Look> looks, List<Instant> strikes, Instant healed) {
    List<String> refusals = deeds.stream().map(Deed::refusals).flatMap(Collection::stream).toList();
    Stream<Instant> heldUp = deeds.stream().filter(Deed::heldUp).map(Deed::ended);
    List<Instant> missing =
        looks.stream()
            .filter(look -> look.missed() > 0 && !look.at().isBefore(strikes.getFirst()))
            .map(Look::at)
            .toList();
    Instant recovered =
        Stream.concat(heldUp, missing.stream()).max(Comparator.naturalOrder()).orElse(healed);
    return new Service(
        refusals.size(),
        refusals.stream()
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())),
        longestWrite(deeds),
        deeds.stream().filter(deed -> deed.kind() == Deed.Kind.SEARCH && !deed.done()).count(),
        missing.size(),
        Math.max(0, Duration.between(healed, recovered).toMillis()),
        missing.stream()
            .map(at -> Duration.between(lastBefore(at, strikes), at).toMillis())
            .max(Comparator.naturalOrder())
            .orElse(0L));
  }

  private static Instant lastBefore(Instant at, List<Instant> strikes) {
    return strikes.stream()
        .filter(strike -> !strike.isAfter(at))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** What clients went without, or waited for longer than anybody does, though nothing failed. */
  static List<String> unserved(List<Deed> deeds) {
    return deeds.stream()
        .filter(deed -> !deed.done() || deed.took().compareTo(LONGEST_WAIT) > 0)
        .map(
            deed ->
                "%s of %s %s after %d ms: %s"
                    .formatted(
                        deed.kind(),
                        deed.began(),
                        deed.done() ? "was served" : "was given up",
                        deed.took().toMillis(),
                        deed.refusals()))
        .toList();
  }

  private static long longestWrite(List<Deed> deeds) {
    return deeds.stream()
        .filter(deed -> deed.kind() != Deed.Kind.SEARCH)
        .map(deed -> deed.took().toMillis())
        .max(Comparator.naturalOrder())
        .orElse(0L);
  }
}
