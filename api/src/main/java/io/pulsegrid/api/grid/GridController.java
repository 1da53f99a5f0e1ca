package io.pulsegrid.api.grid;

import io.pulsegrid.api.web.Listing;
import io.pulsegrid.core.grid.Drainage;
import io.pulsegrid.core.grid.Grid;
import io.pulsegrid.core.grid.Node;
import io.pulsegrid.core.grid.Verification;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "grid", description = "The nodes and the soundness of what they hold")
final class GridController {
  private final Grid grid;
  private final Verification verification;
  private final Drainage drainage;

  GridController(Grid grid, Verification verification, Drainage drainage) {
    this.grid = grid;
    this.drainage = drainage;
    this.verification = verification;
  }

  @GetMapping("/nodes")
  @Operation(summary = "List the nodes", description = "Longest-running first.")
  Listing<NodeView> nodes() {
    return Listing.whole(grid.nodes(), NodeView::of);
  }

  @PostMapping("/nodes/{id}/drain")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Take a node out for good",
      description =
          "The grid expects one node fewer from now on; the node leaves when others hold all that it"
              + " holds.")
  DrainView drain(@PathVariable UUID id) {
    return new DrainView(id, drainage.drain(id));
  }

  @PostMapping("/verify")
  @Operation(
      summary = "Compare grid, store and index",
      description = "On a live grid. With repair=true what differs is mended.")
  ReportView verify(@RequestParam(defaultValue = "false") boolean repair) {
    return ReportView.of(verification.run(repair));
  }

  @Schema(name = "Node")
  record NodeView(
      UUID id,
      long pid,
      @Schema(example = "http://127.0.0.1:8080") String http,
      @Schema(example = "pulsegrid") String grid,
      @Schema(allowableValues = {"starting", "ready", "leaving"}) String state,
      Instant since,
      int primaries,
      boolean gpu) {
    static NodeView of(Node node) {
      return new NodeView(
          node.id(),
          node.pid(),
          node.http(),
          node.grid(),
          node.state(),
          node.since(),
          node.primaries(),
          node.gpu());
    }
  }

  @Schema(name = "Drain")
  record DrainView(
      UUID id, @Schema(description = "nodes that the grid expects from now on") int expected) {}

  @Schema(name = "Verification")
  record ReportView(
      boolean clean,
      long gridPosts,
      long storedPosts,
      long indexedPosts,
      long gridVectors,
      long storedVectors,
      long differing,
      long repaired,
      @Schema(description = "the first 100") List<String> differences) {
    static ReportView of(Verification.Report report) {
      return new ReportView(
          report.clean(),
          report.gridPosts(),
          report.storedPosts(),
          report.indexedPosts(),
          report.gridVectors(),
          report.storedVectors(),
          report.differing(),
          report.repaired(),
          report.differences());
    }
  }
}
