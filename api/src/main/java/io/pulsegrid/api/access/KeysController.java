package io.pulsegrid.api.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Fields;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Pages;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.ApiKey;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.Workspace;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.access.Workspaces;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.time.WrittenDuration;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/keys")
@Tag(name = "access", description = "Keys and the workspaces they open")
final class KeysController {
  private final Keys keys;
  private final Workspaces workspaces;
  private final Answers answers;

  KeysController(Keys keys, Workspaces workspaces, Answers answers) {
    this.keys = keys;
    this.workspaces = workspaces;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List keys", description = "Oldest first, without their secrets.")
  Listing<KeyView> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(description = "the caller's own if absent") @RequestParam(required = false)
          @Nullable String workspace,
      @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(
        keys.list(WorkspaceNames.ofAdmin(caller, workspace), paging.request()), KeyView::of);
  }

  @PostMapping
  @Operation(
      summary = "Make a key",
      description =
          "The token is shown this once. A replay by Idempotency-Key answers without it, since"
              + " nothing keeps it.")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = KeyView.class)))
  ResponseEntity<byte[]> create(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody KeyBody body,
      HttpServletRequest request) {
    WorkspaceId workspace = WorkspaceNames.ofAdmin(caller, body.workspace());
    Set<Scope> scopes = body.read();
    String name = body.name().strip();
    AtomicReference<ApiKey.@Nullable Made> fresh = new AtomicReference<>();
    ResponseEntity<byte[]> kept =
        answers.once(
            caller,
            request,
            () -> {
              ApiKey.Made made = keys.create(name, scopes, workspace);
              fresh.set(made);
              return Reply.created("/api/v1/keys/" + made.key().id(), null, KeyView.of(made.key()));
            });
    ApiKey.Made made = fresh.get();
    return made == null ? kept : answers.instead(kept, KeyView.of(made.key()).with(made.token()));
  }

  @PostMapping("/{id}/rotate")
  @Operation(
      summary = "Give a key another secret",
      description =
          "The new token is shown this once. The one before it opens for the overlap yet, so that"
              + " no call is refused while callers change over; with PT0S within seconds no more.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = KeyView.class)))
  ResponseEntity<byte[]> rotate(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @Valid @RequestBody(required = false) @Nullable RotationBody body) {
    Duration overlap = body == null ? RotationBody.DAY : body.read();
    ApiKey.Made made = keys.rotate(find(caller, id).workspace(), id, overlap);
    return answers.single(null, KeyView.of(made.key()).with(made.token()));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "End a key",
      description =
          "Refused within seconds on every node. The last admin key of the default workspace stays:"
              + " 409.")
  void delete(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    keys.delete(find(caller, id).workspace(), id);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a key", description = "Without its secret.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = KeyView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return answers.single(null, KeyView.of(find(caller, id)));
  }

  private ApiKey find(Caller caller, String id) {
    Stream<WorkspaceId> open =
        ScopeRule.rulesAll(caller)
            ? Pages.stream(workspaces::list).map(Workspace::id)
            : Stream.of(caller.workspace());
    return open.flatMap(workspace -> Pages.<ApiKey>stream(page -> keys.list(workspace, page)))
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow(() -> PulsegridException.notFound("key", id));
  }

  @Schema(name = "KeyRequest")
  record KeyBody(
      @Schema(example = "dashboard") @NotBlank @Size(max = 100) String name,
      @Schema(
              allowableValues = {"read", "write", "admin"},
              example = "[\"read\"]")
          @NotEmpty
          List<@NotBlank String> scopes,
      @Schema(description = "the caller's own if absent", example = "default")
          @Nullable String workspace) {
    Set<Scope> read() {
      Fields fields = new Fields();
      Set<Scope> held = EnumSet.noneOf(Scope.class);
      for (int i = 0; i < scopes.size(); i++) {
        Scope scope =
            fields.read(
                "scopes[" + i + "]", scopes.get(i), KeyBody::scope, "one of read, write, admin");
        if (scope != null) {
          held.add(scope);
        }
      }
      fields.settle();
      return held;
    }

    private static Scope scope(String name) {
      return Scope.valueOf(name.strip().toUpperCase(Locale.ROOT));
    }
  }

  @Schema(name = "KeyRotation")
  record RotationBody(
      @Schema(
              description =
                  "how long the secret before it still opens, PT0S to P30D; P1D if absent",
              example = "PT24H")
          @Nullable String overlap) {
    static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    Duration read() {
      Fields fields = new Fields();
      Duration wanted =
          fields.read(
              "overlap",
              overlap,
              RotationBody::within,
              "a duration of 0s to 30d, such as 24h or PT24H");
      fields.settle();
      return wanted == null ? DAY : wanted;
    }

    private static Duration within(String written) {
      Duration duration = WrittenDuration.parse(written);
      if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("out of bounds");
      }
      return duration;
    }
  }

  @Schema(name = "Key")
  record KeyView(
      String id,
      String name,
      String workspace,
      List<String> scopes,
      Instant createdAt,
      @Schema(description = "only in answers that make or rotate a key", example = "pg_...")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable String token) {
    static KeyView of(ApiKey key) {
      return new KeyView(
          key.id(),
          key.name(),
          key.workspace().value(),
          key.scopes().stream().sorted().map(s -> s.name().toLowerCase(Locale.ROOT)).toList(),
          key.createdAt(),
          null);
    }

    KeyView with(String secret) {
      return new KeyView(id, name, workspace, scopes, createdAt, secret);
    }

    @Override
    public String toString() {
      return "KeyView[" + id + ", " + name + "]";
    }
  }
}
