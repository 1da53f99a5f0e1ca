package io.pulsegrid.node.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.system.SystemMetricsAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class DiskFiguresTest {
  @TempDir private Path data;

  @Test
  void areOfTheDiskThatTheNodeWritesTo() {
    new ApplicationContextRunner()
        .withInitializer(new ConfigDataApplicationContextInitializer())
        .withConfiguration(
            AutoConfigurations.of(
                MetricsAutoConfiguration.class, SystemMetricsAutoConfiguration.class))
        .withBean(SimpleMeterRegistry.class)
        .withPropertyValues("pulsegrid.data=" + data)
        .run(
            node ->
                assertThat(node.getBean(SimpleMeterRegistry.class).find("disk.free").gauges())
                    .singleElement()
                    .satisfies(
                        free ->
                            assertThat(free.getId().getTag("path")).isEqualTo(data.toString())));
  }
}
