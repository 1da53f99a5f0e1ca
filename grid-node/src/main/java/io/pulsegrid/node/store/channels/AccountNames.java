package io.pulsegrid.node.store.channels;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Publisher.Identity;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Accounts as the column {@code channel.account} holds them, and what stands in their way. */
final class AccountNames {
  private AccountNames() {}

  /** What is kept of an identity; nothing where there is no account, or none is known. */
  static Optional<String> of(Identity identity, WorkspaceId workspace) {
    return switch (identity) {
      case Identity.Known(String account) -> Optional.of(account);
      // What anybody may say must not keep another workspace from its own account.
      case Identity.Claimed(String account) -> Optional.of(account + " in " + workspace.value());
      case Identity.None _, Identity.Refused _, Identity.Unknown _ -> Optional.empty();
    };
  }

  /**
   * Whether posts of a channel are looked for at the account that it speaks for, or will be: what
   * is under way or in doubt, and what is to be sent again under a key that this account has used.
   * An arm that commits while this is asked is not seen: its call has the credentials of before.
   */
  static boolean inDoubt(JdbcClient jdbc, String channel) {
    return jdbc.sql(
            """
            SELECT EXISTS (SELECT FROM delivery WHERE channel = ? AND (state IN ('ARMED', 'UNCONFIRMED')
              OR (state IN ('SCHEDULED', 'RETRY') AND doubt_since IS NOT NULL)))
            """)
        .param(channel)
        .query(Boolean.class)
        .single();
  }

  /** Why an account cannot be a channel's; nothing where no other has it. */
  static Optional<String> taken(
      JdbcClient jdbc, String channel, WorkspaceId workspace, String platform, String account) {
    return jdbc.sql(
            "SELECT id, workspace FROM channel WHERE platform = ? AND account = ? AND id <> ?")
        .params(platform, account, channel)
        .query(
            (row, _) ->
                taken(
                    row.getString("workspace").equals(workspace.value())
                        ? "channel " + row.getString("id")
                        : "another channel"))
        .optional();
  }

  /** Of an account that has a channel. */
  static String taken(String holder) {
    return "open the account of "
        + holder
        + ": an account has one channel, or its limits would be counted twice";
  }
}
