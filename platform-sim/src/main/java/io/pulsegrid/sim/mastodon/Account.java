package io.pulsegrid.sim.mastodon;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Who a status is by.
 *
 * @param home the server the account lives on; empty for this one
 */
record Account(String name, String home) {
  private static final long FIRST_ID = 109_000_000_000_000_000L;
  private static final String[] HOMES = {
    "fedi.example", "social.example", "toots.example", "hach.example", "town.example"
  };

  static Account local(String name) {
    return new Account(name, "");
  }

  /** An inhabitant of the made-up world, on one of its servers. */
  static Account remote(String name) {
    return new Account(name, HOMES[Math.floorMod(name.hashCode(), HOMES.length)]);
  }

  long id() {
    CRC32 low = new CRC32();
    low.update((home + "/" + name).getBytes(StandardCharsets.UTF_8));
    return FIRST_ID + low.getValue() * 1_000 + Math.floorMod(name.hashCode(), 1_000);
  }

  /** The name as this server shows it. */
  String acct() {
    return home.isEmpty() ? name : name + "@" + home;
  }
}
