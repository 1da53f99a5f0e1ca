package io.pulsegrid.api.pages;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.Search;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.Trends;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of a search, with what narrows it. */
@Controller
final class FoundController {
  private static final int ROWS = 20;
  private static final int VALUES = 6;

  private final Search search;
  private final Trends trends;
  private final InstantSource clock;

  FoundController(Search search, Trends trends, InstantSource clock) {
    this.search = search;
    this.trends = trends;
    this.clock = clock;
  }

  @GetMapping("/search")
  String search(
      @AuthenticationPrincipal Caller caller,
      @RequestParam MultiValueMap<String, String> parameters,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    Narrowing narrowing = Narrowing.of(parameters);
    model.addAttribute("q", narrowing.words());
    if (!narrowing.words().isEmpty()) {
      WorkspaceId workspace = caller.workspace();
      SearchAnswer answer =
          search.search(
              new SearchQuery(
                  narrowing.words(),
                  null,
                  SearchQuery.Mode.HYBRID,
                  narrowing.filter(workspace),
                  new SearchQuery.Also(narrowing.open(), true),
                  new PageRequest(ROWS, cursor)));
      Instant now = clock.instant();
      String next = answer.next();
      model.addAttribute("total", answer.total());
      model.addAttribute("took", answer.tookMillis());
      model.addAttribute(
          "posts", answer.hits().stream().map(hit -> PostCard.of(hit, now)).toList());
      model.addAttribute("chosen", chosen(narrowing, workspace));
      model.addAttribute("facets", facets(answer, narrowing, workspace));
      model.addAttribute("more", next == null ? null : narrowing.address(next));
    }
    return "search";
  }

  private List<FacetCard.Chosen> chosen(Narrowing narrowing, WorkspaceId workspace) {
    return narrowing.chosen().entrySet().stream()
        .map(
            one ->
                new FacetCard.Chosen(
                    title(one.getKey()),
                    label(one.getKey(), one.getValue(), workspace),
                    narrowing.without(one.getKey()).address()))
        .toList();
  }

  private List<FacetCard> facets(SearchAnswer answer, Narrowing narrowing, WorkspaceId workspace) {
    List<FacetCard> cards = new ArrayList<>();
    answer
        .facets()
        .forEach(
            (facet, counts) -> {
              if (!counts.isEmpty()) {
                cards.add(
                    new FacetCard(
                        title(facet),
                        counts.stream()
                            .limit(VALUES)
                            .map(
                                one ->
                                    new FacetCard.Value(
                                        label(facet, one.value(), workspace),
                                        one.count(),
                                        narrowing.with(facet, one.value()).address()))
                            .toList()));
              }
            });
    return cards;
  }

  private String label(Facet facet, String value, WorkspaceId workspace) {
    return facet == Facet.TREND && PostId.isValid(value)
        ? trends
            .find(workspace, new TrendId(value))
            .map(trend -> trend.wording().label())
            .orElse(value)
        : value;
  }

  private static String title(Facet facet) {
    return switch (facet) {
      case PLATFORM -> "Platform";
      case LANG -> "Language";
      case TAG -> "Tag";
      case AUTHOR -> "Author";
      case TREND -> "Trend";
    };
  }
}
