package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code control}: Ignite's own control tool against a running node. It has a class loader of its
 * own, for its jars must not meet the node's, and runs in this process: the key that it is given is
 * on no command line.
 */
@Command(
    name = "control",
    description = "Ignite's control tool against a running node.",
    sortOptions = false)
final class ControlCommand implements Callable<Integer> {
  private static final String TOOL = "org.apache.ignite.internal.commandline.CommandHandler";

  @Option(names = "--host", paramLabel = "H", description = "a node's address (127.0.0.1)")
  private String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "P", description = "its port for thin clients (10800)")
  private int port = 10_800;

  @Option(names = "--key", paramLabel = "K", description = "an admin key; else as elsewhere")
  private @Nullable String key;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where admin.key is (PULSEGRID_DATA, else ./data)")
  private @Nullable Path data;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Ignite's: --state, --baseline")
  private List<String> command = List.of();

  @Override
  public Integer call() throws IOException {
    List<String> arguments = new ArrayList<>();
    if (!command.isEmpty() && !command.contains("--help")) {
      RestOptions rest = new RestOptions();
      rest.key = key;
      rest.data = data;
      arguments.addAll(List.of("--host", host, "--port", String.valueOf(port)));
      // The grid knows keys, no users: any name does.
      arguments.addAll(List.of("--user", "key", "--password", rest.apiKey()));
    }
    arguments.addAll(command.isEmpty() ? List.of("--help") : command);
    boolean withTraces = command.contains("--verbose");
    PrintStream errors = System.err;
    var out = new ControlLines(System.out, withTraces);
    var err = new ControlLines(errors, withTraces);
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    int code = run(arguments);
    System.out.flush();
    System.err.flush();
    out.refusal().or(err::refusal).ifPresent(why -> errors.println("pulsegrid: " + why));
    return code;
  }

  /** Runs the tool to its end; answers its own exit code. */
  private static int run(List<String> arguments) throws IOException {
    try (var jars = new URLClassLoader(jars(), ClassLoader.getPlatformClassLoader())) {
      Thread.currentThread().setContextClassLoader(jars);
      Class<?> tool = Class.forName(TOOL, true, jars);
      Object handler = tool.getConstructor().newInstance();
      return (Integer) tool.getMethod("execute", List.class).invoke(handler, arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the control tool failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new SettingRefused("Ignite's control tool is not where it should be: " + e);
    }
  }

  private static URL[] jars() throws MalformedURLException {
    String directory = System.getProperty("pulsegrid.control.jars", "grid-node/target/control");
    File[] found = new File(directory).listFiles((_, name) -> name.endsWith(".jar"));
    if (found == null) {
      throw new SettingRefused("there is no directory " + directory + " with the control tool");
    }
    URL[] urls = new URL[found.length];
    for (int i = 0; i < found.length; i++) {
      urls[i] = found[i].toURI().toURL();
    }
    return urls;
  }
}
