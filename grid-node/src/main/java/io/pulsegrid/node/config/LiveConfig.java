package io.pulsegrid.node.config;

import io.pulsegrid.core.limit.WindowRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that may change while the node runs: {@code platforms.yml} and {@code sources.yml}
 * of the configuration directory, or the packaged ones where a file is absent. A change that breaks
 * a rule is refused in the log and what stood before stays; so does a file that goes away. Safe for
 * use by many threads; ask again for each use rather than keep what was answered.
 */
public final class LiveConfig implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveConfig.class);

  private final LiveFile<PlatformSettings> platforms;
  private final LiveFile<SourceSettings> sources;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledFuture<?> polling;

  private LiveConfig(Path directory, ScheduledExecutorService executor) {
    platforms = new LiveFile<>(directory, "platforms.yml", LiveConfig::platforms);
    sources = new LiveFile<>(directory, "sources.yml", LiveConfig::sources);
    polling = executor.scheduleWithFixedDelay(this::poll, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Reads both files, then looks at them again every second on {@code executor}.
   *
   * @throws SettingRefused when a file breaks a rule
   */
  public static LiveConfig open(Path directory, ScheduledExecutorService executor) {
    return new LiveConfig(directory, executor);
  }

  /**
   * Reads both files once, and keeps nothing.
   *
   * @throws SettingRefused when a file breaks a rule
   */
  public static void check(Path directory) {
    var _ = new LiveFile<>(directory, "platforms.yml", LiveConfig::platforms);
    var _ = new LiveFile<>(directory, "sources.yml", LiveConfig::sources);
  }

  public PlatformSettings platforms() {
    return platforms.current;
  }

  public SourceSettings sources() {
    return sources.current;
  }

  /** Runs {@code listener} after every accepted change, on the polling thread. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Stops looking; the last settings stay. */
  @Override
  public void close() {
    polling.cancel(false);
  }

  void poll() {
    try {
      boolean platformsChanged = platforms.reload();
      boolean sourcesChanged = sources.reload();
      if (platformsChanged || sourcesChanged) {
        listeners.forEach(Runnable::run);
      }
    } catch (RuntimeException e) {
      // An exception would end the polling for good.
      log.warn("Configuration files were not read; the next look is in a second", e);
    }
  }

  private static PlatformSettings platforms(YamlSection root) {
    return root.build(() -> new PlatformSettings(root.sections("platforms", LiveConfig::platform)));
  }

  private static PlatformSettings.Platform platform(YamlSection section) {
    return section.build(
        () ->
            new PlatformSettings.Platform(
                section.lists("limits", LiveConfig::rule),
                section.lists("app-limits", LiveConfig::rule),
                section.integer("concurrency"),
                section.duration("timeout"),
                section.integerIfAny("length")));
  }

  private static WindowRule rule(YamlSection section) {
    return section.build(
        () -> new WindowRule(section.integer("limit"), section.duration("window")));
  }

  private static SourceSettings sources(YamlSection root) {
    return root.build(() -> new SourceSettings(root.sections("kinds", LiveConfig::kind)));
  }

  private static SourceSettings.Kind kind(YamlSection section) {
    return section.build(
        () ->
            new SourceSettings.Kind(
                section.duration("every"),
                section.duration("timeout"),
                section.integer("concurrency"),
                section.integer("priority"),
                section.whole("max-bytes"),
                section.lists("limits", LiveConfig::rule),
                section.durationIfAny("follow").orElse(SourceSettings.Kind.FOLLOW)));
  }

  /** One file, what was last read from it, and what it meant. Polled by one thread. */
  private static final class LiveFile<T> {
    private final Path file;
    private final Function<YamlSection, T> meaning;
    private String seen;
    private volatile T current;

    LiveFile(Path directory, String name, Function<YamlSection, T> meaning) {
      this.file = directory.resolve(name);
      this.meaning = meaning;
      this.seen = read().orElseGet(() -> packaged(name));
      this.current = meaning.apply(YamlSection.parse(file.toString(), seen));
    }

    /** Whether something new is in force. */
    boolean reload() {
      String text = read().orElse(seen);
      if (text.equals(seen)) {
        return false;
      }
      seen = text;
      try {
        current = meaning.apply(YamlSection.parse(file.toString(), text));
        log.info("Configuration changed: {} is in force", file);
        return true;
      } catch (SettingRefused e) {
        log.error("Configuration change refused, the old one stays: {}", e.getMessage());
        return false;
      }
    }

    private Optional<String> read() {
      try {
        return Optional.of(Files.readString(file));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String packaged(String name) {
      try (var in = LiveConfig.class.getResourceAsStream("/pulsegrid/" + name)) {
        if (in == null) {
          throw new IllegalStateException("the packaged " + name + " is missing");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
