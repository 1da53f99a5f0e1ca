package io.pulsegrid.connectors.file;

import io.pulsegrid.core.failure.PulsegridException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which of the file's names means which field. What a person mapped counts; a name that is a
 * field's own counts where nobody mapped another name to it; all other names are ignored, and kept
 * once each so that they can be told.
 */
final class Columns {
  private static final int MOST_IGNORED = 100;
  private static final int LONGEST_IGNORED = 100;

  private final Map<String, Field> mapped = new HashMap<>();
  private final Set<Field> taken = EnumSet.noneOf(Field.class);
  private final Set<String> ignored = new LinkedHashSet<>();

  /**
   * @throws PulsegridException {@code INVALID}, field {@code map}, for a mapping that cannot be
   */
  Columns(Map<String, String> mapping) {
    mapping.forEach(
        (name, target) -> {
          Field field =
              Field.named(target)
                  .orElseThrow(
                      () ->
                          PulsegridException.invalid(
                              "map",
                              "no field " + target + "; the fields are " + Field.allNames()));
          if (!taken.add(field)) {
            throw PulsegridException.invalid(
                "map", "more than one column is mapped to " + field.label());
          }
          mapped.put(name, field);
        });
  }

  /** The field behind a name; a name without one is noted as ignored. */
  Optional<Field> field(String name) {
    Field field = mapped.get(name);
    Optional<Field> found =
        field != null ? Optional.of(field) : Field.named(name).filter(own -> !taken.contains(own));
    if (found.isEmpty() && ignored.size() < MOST_IGNORED) {
      ignored.add(name.length() > LONGEST_IGNORED ? name.substring(0, LONGEST_IGNORED) : name);
    }
    return found;
  }

  /** Whether the inside of an object of that name may hold fields. */
  boolean looksInside(String name) {
    return name.equals("engagement")
        || mapped.keySet().stream().anyMatch(each -> each.startsWith(name + "."));
  }

  boolean isMapped(String name) {
    return mapped.containsKey(name);
  }

  /** How many of a header's names mean something. */
  int meant(List<String> names) {
    return (int)
        names.stream()
            .map(name -> spelled(name, names))
            .filter(name -> mapped.containsKey(name) || Field.named(name).isPresent())
            .count();
  }

  /**
   * A header's names as they were mapped, or as the fields are called, where they are written with
   * other upper and lower case; those that no exact name of the header stands for already.
   *
   * @throws PulsegridException {@code INVALID}, field {@code map}, when a mapped name is not there
   */
  List<String> spelled(List<String> names) {
    List<String> spelled = names.stream().map(name -> spelled(name, names)).toList();
    requireAllOf(spelled, names);
    return spelled;
  }

  private String spelled(String name, List<String> names) {
    if (mapped.containsKey(name) || Field.named(name).isPresent()) {
      return name;
    }
    return Stream.concat(
            mapped.keySet().stream().filter(name::equalsIgnoreCase),
            Field.written(name).filter(own -> !isTaken(own)).stream())
        .filter(meant -> !names.contains(meant))
        .findFirst()
        .orElse(name);
  }

  private boolean isTaken(String own) {
    return Field.named(own).filter(taken::contains).isPresent();
  }

  private void requireAllOf(List<String> spelled, List<String> names) {
    for (String name : mapped.keySet()) {
      if (!spelled.contains(name)) {
        throw PulsegridException.invalid(
            "map", "the header has no column " + name + "; it has " + String.join(", ", names));
      }
    }
  }

  List<String> ignored() {
    return List.copyOf(ignored);
  }
}
