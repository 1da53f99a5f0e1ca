package io.pulsegrid.api.pages;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.trend.TrendId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * What a search on the page is for, and the facets' values that it is narrowed to. Knows the
 * address of itself, of itself narrowed further, and of itself with one narrowing taken back.
 */
record Narrowing(String words, Map<Facet, String> chosen) {
  Narrowing {
    Map<Facet, String> copied = new EnumMap<>(Facet.class);
    copied.putAll(chosen);
    chosen = Collections.unmodifiableMap(copied);
  }

  /**
   * Reads the parameters of the page; those of no facet are passed over.
   *
   * @throws PulsegridException {@code INVALID} for a trend that is none
   */
  static Narrowing of(MultiValueMap<String, String> parameters) {
    Map<Facet, String> chosen = new EnumMap<>(Facet.class);
    for (Facet facet : Facet.values()) {
      String value = parameters.getFirst(name(facet));
      if (value != null && !value.isBlank()) {
        chosen.put(facet, value.strip());
      }
    }
    String trend = chosen.get(Facet.TREND);
    if (trend != null && !PostId.isValid(trend)) {
      throw PulsegridException.invalid("trend", "must be a trend's id");
    }
    String words = parameters.getFirst("q");
    return new Narrowing(words == null ? "" : words.strip(), chosen);
  }

  SearchFilter filter(WorkspaceId workspace) {
    String trend = chosen.get(Facet.TREND);
    return new SearchFilter(
        workspace,
        chosen.get(Facet.PLATFORM),
        null,
        null,
        chosen.get(Facet.LANG),
        chosen.get(Facet.TAG),
        trend == null ? List.of() : List.of(new TrendId(trend)),
        chosen.get(Facet.AUTHOR),
        0);
  }

  /** The facets that it is not narrowed by yet. */
  List<Facet> open() {
    return Arrays.stream(Facet.values()).filter(facet -> !chosen.containsKey(facet)).toList();
  }

  Narrowing with(Facet facet, String value) {
    Map<Facet, String> more = new EnumMap<>(Facet.class);
    more.putAll(chosen);
    more.put(facet, value);
    return new Narrowing(words, more);
  }

  Narrowing without(Facet facet) {
    Map<Facet, String> less = new EnumMap<>(Facet.class);
    less.putAll(chosen);
    less.remove(facet);
    return new Narrowing(words, less);
  }

  String address() {
    return address(null);
  }

  /**
   * Where its results are.
   *
   * @param cursor of a later page; null for the first
   */
  String address(@Nullable String cursor) {
    Stream<String> pairs =
        Stream.concat(
            Stream.of(pair("q", words)),
            chosen.entrySet().stream().map(one -> pair(name(one.getKey()), one.getValue())));
    Stream<String> place = cursor == null ? Stream.of() : Stream.of(pair("cursor", cursor));
    return Stream.concat(pairs, place).collect(Collectors.joining("&", "/search?", ""));
  }

  private static String pair(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  static String name(Facet facet) {
    return facet.name().toLowerCase(Locale.ROOT);
  }
}
