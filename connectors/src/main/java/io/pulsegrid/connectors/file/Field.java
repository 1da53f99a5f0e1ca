package io.pulsegrid.connectors.file;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields of an imported post. */
enum Field {
  PLATFORM("platform"),
  NATIVE_ID("nativeId"),
  URL("url"),
  AUTHOR("author"),
  TITLE("title"),
  TEXT("text"),
  PUBLISHED_AT("publishedAt"),
  LANG("lang"),
  CATEGORY("category"),
  TAGS("tags"),
  LIKES("likes"),
  COMMENTS("comments"),
  SHARES("shares"),
  VIEWS("views");

  private static final String INNER = "engagement.";
  private static final Map<String, Field> BY_NAME =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(Field::label, field -> field));

  private final String label;

  Field(String label) {
    this.label = label;
  }

  /** The name outsiders use. */
  String label() {
    return label;
  }

  boolean isCount() {
    return compareTo(LIKES) >= 0;
  }

  /** The field of that name; counts also answer to {@code engagement.likes} and the like. */
  static Optional<Field> named(String name) {
    String plain = name.startsWith(INNER) ? name.substring(INNER.length()) : name;
    Optional<Field> field = Optional.ofNullable(BY_NAME.get(plain));
    return plain.equals(name) ? field : field.filter(Field::isCount);
  }

  /** How the field that is meant by {@code name} is written, where upper and lower case are one. */
  static Optional<String> written(String name) {
    boolean inner = name.regionMatches(true, 0, INNER, 0, INNER.length());
    String plain = inner ? name.substring(INNER.length()) : name;
    return BY_NAME.values().stream()
        .filter(field -> field.label.equalsIgnoreCase(plain) && (!inner || field.isCount()))
        .map(field -> inner ? INNER + field.label : field.label)
        .findAny();
  }

  static String allNames() {
    return Stream.of(values()).map(Field::label).collect(Collectors.joining(", "));
  }
}
