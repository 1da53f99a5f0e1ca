package io.pulsegrid.chaos.fault;

import java.time.Duration;
import java.util.Optional;

/** Something that goes wrong, and can be put right again. Used for one trial only. */
public interface Fault {
  /** The place that a fault needs. */
  enum Place {
    ONE_MACHINE,
    SEVERAL_HOSTS
  }

  String name();

  /** What happens, in one line. */
  String story();

  /** How long it lasts once it has happened; nothing for what happens in an instant. */
  Duration length();

  default Place place() {
    return Place.ONE_MACHINE;
  }

  /** Why it cannot be done here; empty where it can. */
  default Optional<String> obstacle() throws Exception {
    return Optional.empty();
  }

  /** Whether it is work that somebody plans, of which no client that asks another node may know. */
  default boolean isPlanned() {
    return false;
  }

  /** What it may cost at most. */
  default Bounds bounds() {
    return Bounds.SEARCHES_GO_ON;
  }

  void inject(Scene scene) throws Exception;

  /** Happens, lasts and is put right, also where it breaks off in the middle. */
  default void pass(Scene scene) throws Exception {
    try {
      inject(scene);
      Thread.sleep(length());
    } finally {
      heal(scene);
    }
  }

  /** Puts right what {@link #inject} did, also when that broke off in the middle. */
  default void heal(Scene scene) throws Exception {}
}
