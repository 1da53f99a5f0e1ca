package io.pulsegrid.api.sql;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.query.Queries;
import io.pulsegrid.core.query.Table;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "sql", description = "Questions in SQL")
final class SqlController {
  private static final int MOST_ROWS = 10_000;
  private static final int ROWS = 100;

  private final Queries queries;

  SqlController(Queries queries) {
    this.queries = queries;
  }

  @PostMapping("/api/v1/sql")
  @Operation(
      summary = "Ask in SQL",
      description =
          "One SELECT over posts, trends, channels, deliveries, attempts and limits of the key's"
              + " workspace, as of PostgreSQL. It changes nothing, and takes a key that reads.")
  Table ask(@AuthenticationPrincipal Caller caller, @Valid @RequestBody Question question) {
    Integer limit = question.limit();
    if (limit != null && (limit < 1 || limit > MOST_ROWS)) {
      throw PulsegridException.invalid("limit", "must be 1 to " + MOST_ROWS + "; was " + limit);
    }
    return queries.ask(caller.workspace(), question.query(), limit == null ? ROWS : limit);
  }

  @Schema(name = "SqlQuestion")
  record Question(
      @Schema(example = "SELECT platform, count(*) FROM posts GROUP BY platform")
          @NotBlank
          @Size(max = 20_000)
          String query,
      @Schema(
              type = "integer",
              minimum = "1",
              maximum = "10000",
              defaultValue = "100",
              description = "how many rows at the most")
          @Nullable Integer limit) {}
}
