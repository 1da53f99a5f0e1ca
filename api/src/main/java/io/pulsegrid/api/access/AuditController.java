package io.pulsegrid.api.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.core.access.Audit;
import io.pulsegrid.core.access.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/audit")
@Tag(name = "access", description = "Keys and the workspaces they open")
final class AuditController {
  private final Audit audit;

  AuditController(Audit audit) {
    this.audit = audit;
  }

  @GetMapping
  @Operation(
      summary = "List who changed what, and from where",
      description =
          "Latest first. An entry stands before its change is made; one without a status is under"
              + " way, or its node died meanwhile. What was refused changed nothing and is not"
              + " listed. Kept for pulsegrid.retention.audit.")
  Listing<EntryView> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(description = "the caller's own if absent") @RequestParam(required = false)
          @Nullable String workspace,
      @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(
        audit.list(WorkspaceNames.ofAdmin(caller, workspace), paging.request()), EntryView::of);
  }

  @Schema(name = "AuditEntry")
  record EntryView(
      long id,
      Instant at,
      @Schema(description = "the key's id") String key,
      @Schema(description = "what the key was called then", example = "dashboard") String name,
      @Schema(description = "the address that it came from", example = "192.0.2.7") String from,
      @Schema(example = "DELETE") String method,
      @Schema(example = "/api/v1/channels/c1") String path,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer status,
      @Schema(description = "where what was made is", example = "/api/v1/channels/c1")
          @JsonInclude(JsonInclude.Include.NON_EMPTY)
          String subject) {
    static EntryView of(Audit.Entry entry) {
      Audit.Change change = entry.change();
      return new EntryView(
          entry.id(),
          entry.at(),
          change.keyId(),
          entry.keyName(),
          change.origin(),
          change.method(),
          change.path(),
          entry.status(),
          entry.subject());
    }
  }
}
