package io.pulsegrid.api.search;

import io.pulsegrid.api.web.Paging;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.search.Search;
import io.pulsegrid.core.search.SearchQuery;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "search", description = "Finding posts by words and by meaning")
final class SearchController {
  private final Search search;
  private final Embedder embedder;

  SearchController(Search search, Embedder embedder) {
    this.search = search;
    this.embedder = embedder;
  }

  @GetMapping("/search")
  @Operation(
      summary = "Search posts",
      description =
          "Hybrid joins words (BM25) and meaning (vectors) by reciprocal rank fusion. The order"
              + " stands from the first page on.")
  SearchResult search(
      @AuthenticationPrincipal Caller caller,
      @ParameterObject @ModelAttribute SearchParameters parameters,
      @ParameterObject @ModelAttribute Paging paging) {
    SearchQuery query = parameters.query(caller.workspace(), paging.request());
    return SearchResult.of(search.search(query), query.also());
  }

  @PostMapping("/embeddings")
  @Operation(summary = "Embed texts", description = "One vector of unit length a text.")
  Vectors embed(@Valid @RequestBody Texts body) {
    return new Vectors(embedder.model(), embedder.dimensions(), embedder.embed(body.texts()));
  }

  record Texts(
      @Schema(example = "[\"what people talk about\"]") @NotNull @Size(min = 1, max = 1000)
          List<@NotBlank String> texts) {}

  record Vectors(String model, int dimensions, List<float[]> vectors) {}
}
