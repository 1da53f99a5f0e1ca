package io.pulsegrid.core.limit;

import io.pulsegrid.core.access.WorkspaceId;
import java.util.List;

/** The rate limits of a workspace's channels. Safe for use by many threads. */
public interface Limits {
  /**
   * The windows that apply to a channel.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND} for an unknown channel
   */
  List<RateLimit> of(WorkspaceId workspace, String channelId);

  /**
   * Lifts a block, whoever set it. An app's, which all workspaces share, is known to {@link
   * WorkspaceId#DEFAULT} alone.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND} for an unknown scope
   */
  void unblock(WorkspaceId workspace, String scope);

  /**
   * Counts an action that was taken outside, against the channel's own windows.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND} for an unknown channel,
   *     {@code INVALID} for an unknown action
   */
  void record(WorkspaceId workspace, String channelId, String action);
}
