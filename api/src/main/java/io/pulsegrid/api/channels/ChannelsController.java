package io.pulsegrid.api.channels;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.ETags;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/channels")
@Tag(name = "channels", description = "The accounts that posts go out on")
final class ChannelsController {
  private static final Channel.Credentials NONE = new Channel.Credentials(Map.of());

  private final Channels channels;
  private final Answers answers;

  ChannelsController(Channels channels, Answers answers) {
    this.channels = channels;
    this.answers = answers;
  }

  @GetMapping
  @Operation(summary = "List channels", description = "Oldest first.")
  Listing<ChannelView> list(
      @AuthenticationPrincipal Caller caller, @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(channels.list(caller.workspace(), paging.request()), ChannelView::of);
  }

  @PostMapping
  @Operation(
      summary = "Add a channel",
      description =
          "Its platform is asked whose account the credentials open: refused ones are refused here,"
              + " and an account has one channel. A platform that does not answer is asked again"
              + " later.")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = ChannelView.class)))
  ResponseEntity<byte[]> create(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody ChannelBody body,
      HttpServletRequest request) {
    Channel.Spec spec = body.spec();
    Channel.Credentials secrets = body.secrets() == null ? NONE : body.secrets();
    boolean paused = Boolean.TRUE.equals(body.paused());
    return answers.once(
        caller,
        request,
        () -> channels.check(spec, secrets),
        checked -> {
          Channel made = channels.create(caller.workspace(), checked, paused);
          return Reply.created(
              "/api/v1/channels/" + made.id(), made.version(), ChannelView.of(made));
        });
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a channel")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ChannelView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return shown(find(caller, id));
  }

  @PutMapping("/{id}")
  @Operation(
      summary = "Change a channel",
      description =
          "Without credentials, those kept stay. Without paused it stays as it is, but new"
              + " credentials end a pause. 409 while posts are under way or in doubt, unless the"
              + " platform says that the account is the same.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ChannelView.class)))
  ResponseEntity<byte[]> update(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @Valid @RequestBody ChannelBody body) {
    Channel.Spec spec = body.spec();
    return shown(
        channels.update(
            caller.workspace(), id, spec, body.secrets(), body.paused(), ETags.expected(ifMatch)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(summary = "Remove a channel", description = "409 while deliveries wait on it.")
  void delete(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    channels.delete(caller.workspace(), id, ETags.expected(ifMatch));
  }

  private Channel find(Caller caller, String id) {
    return channels
        .find(caller.workspace(), id)
        .orElseThrow(() -> PulsegridException.notFound("channel", id));
  }

  private ResponseEntity<byte[]> shown(Channel channel) {
    return answers.single(channel.version(), ChannelView.of(channel));
  }
}
