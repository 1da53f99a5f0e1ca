package io.pulsegrid.api.publishing;

import io.pulsegrid.api.web.Listing;
import io.pulsegrid.core.publish.Workers;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/workers")
@Tag(name = "workers", description = "How many calls each platform takes at once from a node")
final class WorkersController {
  private final Workers workers;

  WorkersController(Workers workers) {
    this.workers = workers;
  }

  @GetMapping
  @Operation(summary = "List the platforms' workers")
  Listing<WorkerView> list() {
    return Listing.whole(workers.list(), WorkerView::of);
  }

  @PutMapping
  @Operation(
      summary = "Change how many calls a platform takes at once",
      description =
          "On every node, within seconds; calls that run are not cut off. Takes an admin key of"
              + " the workspace default.")
  WorkerView change(@Valid @RequestBody Wish body) {
    return WorkerView.of(workers.change(body.platform().strip(), body.concurrency()));
  }

  @Schema(name = "WorkerRequest")
  record Wish(
      @Schema(example = "mastodon") @NotBlank String platform,
      @Schema(description = "1 to 1000; null for what the settings say", example = "8")
          @Nullable Integer concurrency) {}

  @Schema(name = "Worker")
  record WorkerView(
      String platform,
      @Schema(description = "how many calls may run at once on each node") int concurrency,
      @Schema(description = "what the settings say") int configured,
      @Schema(description = "how many run now, on all nodes") long running) {
    static WorkerView of(Workers.Worker worker) {
      return new WorkerView(
          worker.platform(), worker.concurrency(), worker.configured(), worker.running());
    }
  }
}
