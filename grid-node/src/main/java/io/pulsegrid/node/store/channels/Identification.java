package io.pulsegrid.node.store.channels;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Publisher.Identity;
import io.pulsegrid.node.access.ChannelRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whose account a channel speaks for, when a person makes or changes it. */
final class Identification {
  private final JdbcClient jdbc;
  private final ChannelRules rules;

  Identification(JdbcClient jdbc, ChannelRules rules) {
    this.jdbc = jdbc;
    this.rules = rules;
  }

  /**
   * What a platform said of credentials.
   *
   * @param of those that it was asked about; null where nobody asked
   */
  record Answer(Channel.@Nullable Credentials of, Identity identity) {
    static final Answer NOT_ASKED = new Answer(null, new Identity.Unknown("nobody asked"));

    boolean wasAsked() {
      return of != null;
    }

    /** The same as far as it is about these: by the time they are kept they may be others. */
    Answer about(Channel.Credentials wanted) {
      return of == null || of.equals(wanted)
          ? this
          : new Answer(wanted, new Identity.Unknown("it was asked about others"));
    }
  }

  /**
   * Asks whose account these credentials open; waits for it, so never within a transaction.
   *
   * @throws PulsegridException {@code INVALID} where the platform refuses them
   */
  Answer ask(Channel.Spec spec, Channel.Credentials credentials) {
    Identity identity = rules.identify(spec, credentials);
    if (identity instanceof Identity.Refused(String detail)) {
      throw PulsegridException.invalid(
          "credentials", "are refused by " + spec.platform() + ": " + detail);
    }
    return new Answer(credentials, identity);
  }

  /** The same, where a refusal tells nothing of an account and is no more than that. */
  Answer askAbout(Channel.Spec spec, Channel.Credentials credentials) {
    Identity identity = rules.identify(spec, credentials);
    return new Answer(
        credentials,
        identity instanceof Identity.Refused(String detail)
            ? new Identity.Unknown(detail)
            : identity);
  }

  /**
   * The account that a channel is to be kept with, under its lock.
   *
   * @param changed whether its credentials or its address are others than before
   * @return nothing where none is known
   * @throws PulsegridException {@code INVALID} where another channel has it, {@code CONFLICT} where
   *     posts that the account before has sent, or may have, would be looked for at another
   */
  Optional<String> account(Channel before, Answer answer, boolean changed) {
    Optional<String> own = Optional.ofNullable(before.account());
    Optional<String> said = AccountNames.of(answer.identity(), before.workspace());
    if (said.isEmpty() ? !changed : said.equals(own)) {
      return own;
    }
    boolean leaves = changed || own.isPresent();
    if (leaves
        && !(answer.identity() instanceof Identity.None)
        && AccountNames.inDoubt(jdbc, before.id())) {
      throw PulsegridException.of(
          FailureCode.CONFLICT,
          "channel %s has posts under way or in doubt, and %s; they must end first"
              .formatted(
                  before.id(),
                  said.isPresent() && own.isPresent()
                      ? "this is another account than sent them"
                      : "its platform does not say that this is the account that sent them"));
    }
    said.flatMap(
            account ->
                AccountNames.taken(
                    jdbc, before.id(), before.workspace(), before.spec().platform(), account))
        .ifPresent(
            why -> {
              throw PulsegridException.invalid("credentials", why);
            });
    return said;
  }

  /** Refuses a new channel of an account that has one. */
  PulsegridException taken(String id, WorkspaceId workspace, String platform, String account) {
    return PulsegridException.invalid(
        "credentials",
        AccountNames.taken(jdbc, id, workspace, platform, account)
            .orElse("opened the account of a channel that was just deleted: send it again"));
  }
}
