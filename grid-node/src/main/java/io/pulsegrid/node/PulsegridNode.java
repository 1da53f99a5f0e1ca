package io.pulsegrid.node;

import io.pulsegrid.api.ApiConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
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
    SpringApplication.run(PulsegridNode.class, arguments);
  }
}
