package io.pulsegrid.node.grid;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.apache.ignite.Ignite;
import org.apache.ignite.spi.IgniteSpiAdapter;
import org.apache.ignite.spi.metric.BooleanMetric;
import org.apache.ignite.spi.metric.DoubleMetric;
import org.apache.ignite.spi.metric.IntMetric;
import org.apache.ignite.spi.metric.LongMetric;
import org.apache.ignite.spi.metric.Metric;
import org.apache.ignite.spi.metric.MetricExporterSpi;
import org.apache.ignite.spi.metric.ReadOnlyMetricManager;
import org.apache.ignite.spi.metric.ReadOnlyMetricRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Ignite's own metrics among the node's: {@code ignite.REGISTRY.NAME} gauges, what a registry is
 * of, such as a thread pool, in a tag. Of the thousands that there are those are shown that tell
 * how the grid is; the figures of each cache, which mostly are zero, are left to {@code control
 * --metric}. Takes the place of Ignite's export by JMX.
 */
public final class IgniteMeters extends IgniteSpiAdapter implements MetricExporterSpi {
  /** A family of registries; those of many things have the thing's name behind the family's. */
  private record Family(String registry, String tag) {
    Optional<Tags> tags(String name) {
      if (tag.isEmpty()) {
        return name.equals(registry) ? Optional.of(Tags.empty()) : Optional.empty();
      }
      return name.startsWith(registry + ".")
          ? Optional.of(Tags.of(tag, name.substring(registry.length() + 1)))
          : Optional.empty();
    }
  }

  private static final List<Family> SHOWN =
      List.of(
          new Family("cluster", ""),
          new Family("pme", ""),
          new Family("tx", ""),
          new Family("io.communication", ""),
          new Family("io.discovery", ""),
          new Family("io.dataregion", "region"),
          new Family("threadPools", "pool"),
          new Family("cacheGroups", "group"));

  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private @Nullable ReadOnlyMetricManager metrics;

  /** The metrics of a node that has started with this exporter in its configuration. */
  public static MeterBinder of(Ignite ignite) {
    return registry -> {
      for (MetricExporterSpi exporter : ignite.configuration().getMetricExporterSpi()) {
        if (exporter instanceof IgniteMeters meters) {
          meters.bindTo(registry);
        }
      }
    };
  }

  @Override
  public void setMetricRegistry(ReadOnlyMetricManager manager) {
    metrics = manager;
  }

  @Override
  public void setExportFilter(Predicate<ReadOnlyMetricRegistry> filter) {
    throw new UnsupportedOperationException("what is shown is fixed");
  }

  @Override
  public void spiStart(@Nullable String igniteInstanceName) {
    // Nothing is pushed; Micrometer asks.
  }

  @Override
  public void spiStop() {
    // Whoever asks the meters of a stopped grid is told its last figures.
  }

  /** What there is now: every cache is open by the time that meters are bound. */
  private void bindTo(MeterRegistry registry) {
    if (metrics == null) {
      return;
    }
    for (ReadOnlyMetricRegistry of : metrics) {
      for (Family family : SHOWN) {
        family.tags(of.name()).ifPresent(tags -> bind(family, of, tags, registry));
      }
    }
  }

  private static void bind(
      Family family, ReadOnlyMetricRegistry of, Tags tags, MeterRegistry registry) {
    for (Metric metric : of) {
      ToDoubleFunction<Metric> value = reading(metric);
      if (value != null) {
        String own = metric.name().substring(of.name().length() + 1);
        Gauge.builder("ignite." + dotted(family.registry() + "." + own), metric, value)
            .description(metric.description())
            .tags(tags)
            .strongReference(true)
            .register(registry);
      }
    }
  }

  /** How a metric is read as a number; nothing for those that are none. */
  private static @Nullable ToDoubleFunction<Metric> reading(Metric metric) {
    return switch (metric) {
      case LongMetric _ -> one -> ((LongMetric) one).value();
      case IntMetric _ -> one -> ((IntMetric) one).value();
      case DoubleMetric _ -> one -> ((DoubleMetric) one).value();
      case BooleanMetric _ -> one -> ((BooleanMetric) one).value() ? 1 : 0;
      default -> null;
    };
  }

  private static String dotted(String name) {
    return HUMP.matcher(name).replaceAll(".").toLowerCase(Locale.ROOT);
  }
}
