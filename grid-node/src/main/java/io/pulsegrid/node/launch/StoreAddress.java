package io.pulsegrid.node.launch;

import io.pulsegrid.node.store.StorePool;
import java.nio.file.Path;
import java.util.Properties;

/** Where the nodes' store is, for a command that must ask it itself. */
record StoreAddress(String url, Properties login) {
  /**
   * The store of the settings, else the embedded one of a data directory.
   *
   * @throws io.pulsegrid.node.config.SettingRefused where neither names one
   */
  static StoreAddress of(OuterSettings settings, Path data) {
    Properties login = new Properties();
    settings.find("pulsegrid.store.user").ifPresent(user -> login.setProperty("user", user));
    settings
        .find("pulsegrid.store.password")
        .ifPresent(password -> login.setProperty("password", password));
    return new StoreAddress(
        settings.find("pulsegrid.store.url").orElseGet(() -> StorePool.embedded(data)), login);
  }
}
