package io.pulsegrid.chaos.load;

import io.pulsegrid.chaos.node.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Channels on the stand-in platform, each with an account of its own. */
final class Accounts {
  private final Peers peers;
  private final URI platforms;
  private final String run;

  /**
   * The accounts of a run.
   *
   * @param run tells its accounts from those of other runs; letters and digits
   */
  Accounts(Peers peers, URI platforms, String run) {
    this.peers = peers;
    this.platforms = platforms;
    this.run = run;
  }

  /**
   * Makes the channel of an account; answers its id.
   *
   * @param patience how long a node may take to answer
   * @param wanted whether somebody still waits for it
   */
  String open(int number, Duration patience, BooleanSupplier wanted) throws InterruptedException {
    String account = run + "c" + number;
    String body =
        """
        {"platform":"mastodon","handle":"@%s","baseUrl":"%s/mastodon","zone":"Europe/Paris",
         "credentials":{"accessToken":"t-%s"}}\
        """
            .formatted(account, platforms, account);
    Answer made =
        peers
            .ask(
                Deed.Kind.SCHEDULE,
                number % peers.size(),
                patience,
                wanted,
                node -> node.postOnce("/channels", body, "channel-" + account))
            .orElseThrow(() -> new IllegalStateException("no node makes a channel"));
    return made.text("id");
  }
}
