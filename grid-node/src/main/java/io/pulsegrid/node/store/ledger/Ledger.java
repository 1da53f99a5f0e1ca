package io.pulsegrid.node.store.ledger;

import java.time.Duration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Every door to the ledger. All of them are safe for use by many threads, and say {@code
 * UNAVAILABLE} while the store is away.
 */
public record Ledger(
    ScheduleStore schedules,
    SlotStore slots,
    SeriesStore series,
    SwitchStore switches,
    SayingStore sayings,
    DeliveryStore deliveries,
    ArmStore arms,
    SettleStore settlements,
    SweepStore sweeps,
    DoubtStore doubts,
    RenewalStore renewals,
    OutboxStore outbox) {

  /**
   * The ledger of a database.
   *
   * @param transactions of the same data source as {@code jdbc}
   * @param leaseSlack how much longer than its call a lease lasts
   */
  public static Ledger of(
      JdbcOperations jdbc, TransactionOperations transactions, Duration leaseSlack) {
    return new Ledger(
        new ScheduleStore(jdbc, transactions),
        new SlotStore(jdbc),
        new SeriesStore(jdbc),
        new SwitchStore(jdbc),
        new SayingStore(jdbc),
        new DeliveryStore(jdbc),
        new ArmStore(jdbc, leaseSlack),
        new SettleStore(jdbc),
        new SweepStore(jdbc),
        new DoubtStore(jdbc),
        new RenewalStore(jdbc),
        new OutboxStore(jdbc, transactions));
  }
}
