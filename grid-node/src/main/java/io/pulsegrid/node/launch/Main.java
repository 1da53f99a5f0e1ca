package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.config.SettingRefused;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code ./pulsegrid} runs. Exit codes: 0 ok, 1 failed, 2 usage, 3 some lines rejected. */
@Command(
    name = "pulsegrid",
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      ImportCommand.class,
      ReplayCommand.class,
      VerifyCommand.class,
      DrainCommand.class,
      ControlCommand.class,
      DoctorCommand.class,
      BundleCommand.class
    })
public final class Main implements Runnable {
  static final int FAILED = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  private CommandSpec spec;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Before the first logger: the launcher's own lines go to the terminal, warnings only.
    System.setProperty("logback.configurationFile", "logback-launcher.xml");
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    var commands = new CommandLine(new Main());
    // From the first option that is not ours on, all of it is Ignite's.
    Objects.requireNonNull(commands.getSubcommands().get("control"))
        .setUnmatchedOptionsArePositionalParams(true)
        .setStopAtPositional(true);
    return commands
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::told)
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing; see ./pulsegrid help");
  }

  private static int told(Exception failure, CommandLine command, CommandLine.ParseResult arguments)
      throws Exception {
    if (failure instanceof SettingRefused || failure instanceof PulsegridException) {
      command.getErr().println("pulsegrid: " + failure.getMessage());
      return FAILED;
    }
    throw failure;
  }
}
