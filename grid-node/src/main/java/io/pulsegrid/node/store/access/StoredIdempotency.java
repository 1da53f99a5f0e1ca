package io.pulsegrid.node.store.access;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Idempotency;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.store.StoreAway;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The memory behind {@code Idempotency-Key} over the table {@code idempotency}. What {@code create}
 * writes must join the transaction of the calling thread, as everything in {@code node.store} does.
 */
public final class StoredIdempotency implements Idempotency {
  private static final int MAX_KEY = 255;
  private static final int PURGE_BATCH = 1_000;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final CredentialCipher cipher;

  public StoredIdempotency(
      JdbcClient jdbc, TransactionTemplate transaction, CredentialCipher cipher) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.cipher = cipher;
  }

  @Override
  public Answer once(Caller caller, String key, byte[] requestHash, Supplier<Answer> create) {
    if (key.isEmpty() || key.length() > MAX_KEY) {
      throw PulsegridException.invalid(
          "Idempotency-Key", "must be 1 to " + MAX_KEY + " characters, was " + key.length());
    }
    String workspace = caller.workspace().value();
    return StoreAway.told(
        () ->
            Objects.requireNonNull(
                transaction.execute(_ -> answer(workspace, key, requestHash, create))));
  }

  @Override
  public Optional<Answer> find(Caller caller, String key, byte[] requestHash) {
    String workspace = caller.workspace().value();
    return StoreAway.told(() -> before(workspace, key, requestHash, owner(workspace, key)));
  }

  private static String owner(String workspace, String key) {
    return "idempotency/" + workspace + "/" + key;
  }

  /** Forgets answers older than a day, batch by batch; returns how many. */
  public int purge() {
    int purged = 0;
    int batch;
    do {
      batch = StoreAway.told(this::purgeBatch);
      purged += batch;
    } while (batch == PURGE_BATCH);
    return purged;
  }

  private int purgeBatch() {
    return jdbc.sql(
            """
            DELETE FROM idempotency WHERE (workspace, key) IN (
              SELECT workspace, key FROM idempotency
              WHERE created_at < now() - interval '24 hours' LIMIT ?)
            """)
        .param(PURGE_BATCH)
        .update();
  }

  private Answer answer(String workspace, String key, byte[] requestHash, Supplier<Answer> create) {
    // The lock ends with the transaction: whoever gets it next sees what this one committed.
    if (!lock(workspace, key)) {
      throw PulsegridException.of(
          FailureCode.IN_FLIGHT, "a request with this Idempotency-Key is still running");
    }
    String owner = owner(workspace, key);
    Optional<Answer> before = before(workspace, key, requestHash, owner);
    if (before.isPresent()) {
      return before.get();
    }
    Answer answer = create.get();
    jdbc.sql(
            """
            INSERT INTO idempotency (workspace, key, request_hash, answer) VALUES (?, ?, ?, ?)
            ON CONFLICT (workspace, key) DO UPDATE SET request_hash = excluded.request_hash,
              answer = excluded.answer, created_at = excluded.created_at
            """)
        .params(workspace, key, requestHash, cipher.seal(owner, AnswerForm.write(answer)))
        .update();
    return answer;
  }

  private boolean lock(String workspace, String key) {
    // Two keys may share a number; the second then waits a moment for no reason, no worse.
    return jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 7))")
        .param(workspace + "/" + key)
        .query(Boolean.class)
        .single();
  }

  private Optional<Answer> before(String workspace, String key, byte[] requestHash, String owner) {
    return jdbc.sql(
            """
            SELECT request_hash, answer FROM idempotency
            WHERE workspace = ? AND key = ? AND created_at > now() - interval '24 hours'
            """)
        .params(workspace, key)
        .query(
            (row, _) -> {
              if (!MessageDigest.isEqual(row.getBytes("request_hash"), requestHash)) {
                throw PulsegridException.of(
                    FailureCode.IDEMPOTENCY_KEY_REUSED,
                    "this Idempotency-Key was used for another request within the last 24 hours");
              }
              return AnswerForm.read(cipher.open(owner, row.getBytes("answer")));
            })
        .optional();
  }
}
