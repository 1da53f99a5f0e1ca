package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Shell;
import java.time.Duration;
import java.util.List;

/**
 * SIGSTOP of a node between its arm and its call. A trigger that is there for a moment holds an arm
 * back in Postgres and tells who arms; that node is stopped; the arm is then committed, and its
 * answer lies unread with the stopped node until long after its lease.
 */
final class PauseArmed implements Fault {
  private static final Duration TO_CATCH_ONE = Duration.ofSeconds(30);
  private static final String MARK = "chaos-holds:";

  private static final String HOLD =
      """
      CREATE OR REPLACE FUNCTION chaos_hold() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE bearer text;
      BEGIN
        SELECT armed_by INTO bearer FROM changed WHERE state = 'ARMED' LIMIT 1;
        IF bearer IS NOT NULL THEN
          PERFORM set_config('application_name', '%s' || split_part(bearer, ' ', 3), true);
          PERFORM pg_sleep(2);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER chaos_hold AFTER UPDATE ON delivery REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION chaos_hold()\
      """
          .formatted(MARK);

  private static final String RELEASE =
      "SET lock_timeout = '20s'; DROP TRIGGER IF EXISTS chaos_hold ON delivery;"
          + " DROP FUNCTION IF EXISTS chaos_hold()";

  private static final String HELD =
      "SELECT substr(application_name, "
          + (MARK.length() + 1)
          + ") FROM pg_stat_activity WHERE application_name LIKE '"
          + MARK
          + "%' AND wait_event = 'PgSleep'";

  private final Duration length;
  private List<Long> paused = List.of();

  PauseArmed(Duration length) {
    this.length = length;
  }

  @Override
  public String name() {
    return "pause-armed";
  }

  @Override
  public String story() {
    return "SIGSTOP of one node between arm and send, for " + length.toSeconds() + " s";
  }

  @Override
  public Duration length() {
    return length;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    scene.grid().store().execute(HOLD);
    long giveUp = System.nanoTime() + TO_CATCH_ONE.toNanos();
    while (paused.isEmpty()) {
      List<String> held = scene.grid().store().column(HELD);
      if (!held.isEmpty()) {
        paused = List.of(Long.parseLong(held.getFirst()));
        Shell.signal("STOP", paused);
      } else if (System.nanoTime() > giveUp) {
        throw new IllegalStateException("no node arms anything");
      } else {
        Thread.sleep(20);
      }
    }
    scene.grid().store().execute(RELEASE);
    List<String> armed =
        scene
            .grid()
            .store()
            .column(
                "SELECT id FROM delivery WHERE state = 'ARMED' AND split_part(armed_by, ' ', 3) = '"
                    + paused.getFirst()
                    + "'");
    scene.story().accept("pauses process " + paused.getFirst() + ", which has armed " + armed);
  }

  @Override
  public void heal(Scene scene) throws Exception {
    Shell.signal("CONT", paused);
    scene.grid().store().execute(RELEASE);
  }
}
