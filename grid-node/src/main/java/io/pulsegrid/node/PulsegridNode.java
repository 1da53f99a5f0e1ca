package io.pulsegrid.node;

import io.pulsegrid.api.ApiConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;

/** One node: a process that joins the grid, answers REST, collects and publishes. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan("io.pulsegrid.node.wiring")
@Import(ApiConfiguration.class)
public class PulsegridNode {
  protected PulsegridNode() {}

  /** Starts the node; it runs until its process is told to stop. */
  public static void main(String[] arguments) {
    new Quiet().run(arguments);
  }

  /** Says nothing of profiles, of which there are none. */
  private static final class Quiet extends SpringApplication {
    Quiet() {
      super(PulsegridNode.class);
    }

    @Override
    protected void logStartupProfileInfo(ConfigurableApplicationContext context) {
      // "No active profile set, falling back to ..." reads as if something were missing.
    }
  }
}
