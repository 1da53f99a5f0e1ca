package io.pulsegrid.node.follow;

import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.access.SourceSecrets;
import java.util.List;
import java.util.Optional;

/** The sources and channels in whose name platforms are asked. */
public record Askers(SourceSecrets sources, ChannelSecrets channels) {
  /** Where to ask and with what; empty when the source or channel is gone. */
  Optional<EngagementReader.Account> account(FollowLedger.Asker asker) {
    return switch (asker) {
      case FollowLedger.Asker.OfSource source ->
          sources
              .unlock(source.id())
              .map(
                  found ->
                      new EngagementReader.Account(
                          source.id(), found.source().spec().url(), "", found.credentials()));
      case FollowLedger.Asker.OfChannel channel ->
          Optional.ofNullable(channels.unlock(List.of(channel.id())).get(channel.id()))
              .map(
                  found ->
                      new EngagementReader.Account(
                          channel.id(),
                          found.channel().spec().baseUrl(),
                          found.channel().spec().handle(),
                          new Source.Credentials(found.credentials().values())));
    };
  }
}
