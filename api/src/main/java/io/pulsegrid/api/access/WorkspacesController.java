package io.pulsegrid.api.access;

import com.fasterxml.jackson.annotation.JsonAlias;
import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Pages;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Workspace;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.access.Workspaces;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Instant;
import java.util.List;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/workspaces")
@Tag(name = "access")
final class WorkspacesController {
  private final Workspaces workspaces;
  private final Answers answers;

  WorkspacesController(Workspaces workspaces, Answers answers) {
    this.workspaces = workspaces;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List workspaces", description = "Of another's, a caller learns nothing.")
  Listing<WorkspaceView> list(
      @AuthenticationPrincipal Caller caller, @ParameterObject @ModelAttribute Paging paging) {
    return ScopeRule.rulesAll(caller)
        ? Listing.of(workspaces.list(paging.request()), WorkspaceView::of)
        : Listing.whole(List.of(find(caller.workspace().value())), WorkspaceView::of);
  }

  @PostMapping
  @Operation(summary = "Make a workspace", description = "Then make keys for it.")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = WorkspaceView.class)))
  ResponseEntity<byte[]> create(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody WorkspaceBody body,
      HttpServletRequest request) {
    if (!ScopeRule.rulesAll(caller)) {
      throw PulsegridException.of(
          FailureCode.FORBIDDEN,
          "workspaces are made with an admin key of the workspace " + WorkspaceId.DEFAULT);
    }
    WorkspaceId wanted = WorkspaceNames.read("id", body.id());
    return answers.once(
        caller,
        request,
        () -> {
          Workspace made = workspaces.create(wanted);
          return Reply.created("/api/v1/workspaces/" + made.id(), null, WorkspaceView.of(made));
        });
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a workspace")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = WorkspaceView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    if (!ScopeRule.rulesAll(caller) && !caller.workspace().value().equals(id)) {
      throw PulsegridException.notFound("workspace", id);
    }
    return answers.single(null, WorkspaceView.of(find(id)));
  }

  private Workspace find(String id) {
    return Pages.stream(workspaces::list)
        .filter(workspace -> workspace.id().value().equals(id))
        .findFirst()
        .orElseThrow(() -> PulsegridException.notFound("workspace", id));
  }

  @Schema(name = "WorkspaceRequest")
  record WorkspaceBody(
      @Schema(description = "1-63 of a-z, 0-9, _ and -; `name` is understood too", example = "acme")
          @JsonAlias("name")
          @NotBlank
          String id) {}

  @Schema(name = "Workspace")
  record WorkspaceView(String id, Instant createdAt) {
    static WorkspaceView of(Workspace workspace) {
      return new WorkspaceView(workspace.id().value(), workspace.createdAt());
    }
  }
}
