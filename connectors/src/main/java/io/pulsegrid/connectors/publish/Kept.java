package io.pulsegrid.connectors.publish;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Publisher.Call;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was opened with the credentials of channels, kept until a platform refuses it. Losing it
 * costs one sign-in. Safe for use by many threads.
 */
final class Kept<T> {
  private static final int MOST = 10_000;

  private final Map<Key, T> opened = new ConcurrentHashMap<>();

  private record Key(URI baseUrl, Channel.Credentials credentials) {}

  @Nullable T of(Call call) {
    return opened.get(key(call));
  }

  T keep(Call call, T fresh) {
    if (opened.size() >= MOST) {
      opened.clear();
    }
    opened.put(key(call), fresh);
    return fresh;
  }

  private static Key key(Call call) {
    return new Key(call.channel().baseUrl(), call.credentials());
  }
}
