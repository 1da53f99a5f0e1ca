package io.pulsegrid.node.store.access;

import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.access.SecretFile;
import io.pulsegrid.node.access.Token;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What is made once for an installation, whichever of its nodes starts first. Both secrets are
 * written to their file before the store commits that they exist: a crash in between leaves a file
 * that the next start takes up, never a secret that nobody holds.
 */
public final class Installation {
  private static final Logger log = LoggerFactory.getLogger(Installation.class);
  private static final long LOCK = 0x70756c7365L;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final SecureRandom random;

  public Installation(JdbcClient jdbc, TransactionTemplate transaction, SecureRandom random) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.random = random;
  }

  /** The store's own id: nodes of one grid must agree on it. */
  public UUID storeId() {
    return jdbc.sql("SELECT store_id FROM installation").query(UUID.class).single();
  }

  /**
   * The key that this installation's secrets are sealed with, made by its first start.
   *
   * @throws PulsegridException {@code INTERNAL} when the file holds another key or none
   */
  public CredentialKey credentialKey(SecretFile file) {
    return alone(
        () -> {
          Optional<String> known =
              jdbc.sql("SELECT credential_key FROM installation WHERE credential_key IS NOT NULL")
                  .query(String.class)
                  .optional();
          if (known.isPresent() && file.read().isEmpty()) {
            throw PulsegridException.of(
                FailureCode.INTERNAL,
                file.path()
                    + " is missing: this installation's credentials are sealed with the key of"
                    + " fingerprint "
                    + known.get()
                    + "; copy the file from the data directory that has it");
          }
          CredentialKey key = CredentialKey.readOrCreate(file, random);
          if (known.isPresent() && !known.get().equals(key.fingerprint())) {
            throw PulsegridException.of(
                FailureCode.INTERNAL,
                file.path()
                    + " holds the key of fingerprint "
                    + key.fingerprint()
                    + ", but this installation's credentials are sealed with "
                    + known.get()
                    + "; put the right file back");
          }
          jdbc.sql("UPDATE installation SET credential_key = ? WHERE credential_key IS NULL")
              .param(key.fingerprint())
              .update();
          return key;
        });
  }

  /**
   * Makes an admin key if there is none of the installation, as at the first start, and leaves it
   * in {@code file}. A well-formed token that stands there already is taken as it is: left by a
   * start that crashed before it committed, by an earlier store, or put there by an operator.
   *
   * @return the token, only if it was made now
   */
  public Optional<Token> firstKey(StoredKeys keys, SecretFile file) {
    Optional<Token> made =
        alone(
            () -> {
              if (keys.anyAdministrator()) {
                return Optional.<Token>empty();
              }
              Token token = tokenIn(file.readOrCreate(() -> Token.random(random).value()), file);
              keys.insert("admin", Set.of(Scope.ADMIN), WorkspaceId.DEFAULT, token);
              return Optional.of(token);
            });
    if (made.isEmpty()) {
      file.read()
          .filter(text -> keys.authenticate(text).isEmpty())
          .ifPresent(
              _ ->
                  log.warn(
                      "{} is not a live key of this installation; calls with it are refused. Where it"
                          + " was rotated, write the new token into it; else make a new one with an"
                          + " admin key that lives (POST /api/v1/keys), or where nobody has one:"
                          + " remove the file, delete the rows of the table api_key whose scopes"
                          + " hold ADMIN, and start again, which makes a new one",
                      file.path()));
    }
    return made;
  }

  private static Token tokenIn(String text, SecretFile file) {
    return Token.of(text)
        .orElseThrow(
            () ->
                PulsegridException.of(
                    FailureCode.INTERNAL,
                    file.path() + " does not hold a key (pg_...): remove it and start again"));
  }

  private <T> T alone(Supplier<T> work) {
    return Objects.requireNonNull(
        transaction.execute(
            _ -> {
              jdbc.sql("SELECT pg_advisory_xact_lock(?)").param(LOCK).query((_, _) -> 0).single();
              return work.get();
            }));
  }
}
