package io.pulsegrid.chaos.node;

import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One node as it is really run, with its own Postgres, on a data directory and ports of its own,
 * and the stand-in platforms beside it. Closing ends every process.
 */
public final class GridFixture implements AutoCloseable {
  private final Path data;
  private final Ports ports = Ports.free();
  private final Sim sim = Sim.start(SimOptions.local(0));
  private @Nullable UpProcess process;

  public GridFixture(Path data) {
    this.data = data;
  }

  /** Starts the node on the directory, however it was left, and waits until it is ready. */
  public void start(String... arguments) throws IOException, InterruptedException {
    UpProcess started = UpProcess.up(UpProcess.Order.of(data, ports, List.of(arguments)));
    process = started;
    started.awaitReady();
  }

  /** Ctrl-C; returns the exit code. */
  public int stop() throws InterruptedException {
    return running().stop();
  }

  /** {@code kill -9} of the node; its launcher starts it again. */
  public void killNode() throws IOException, InterruptedException {
    running().kill(pid());
  }

  private long pid() throws IOException, InterruptedException {
    return rest().get("/nodes").expect(200).body().at("/items/0/pid").longValue();
  }

  /** A second start on the same directory that is expected to refuse; returns what it said. */
  public List<String> startInVain() throws IOException, InterruptedException {
    try (UpProcess second = UpProcess.inVain(data)) {
      if (second.awaitEnd() == 0) {
        throw new AssertionError("a second start on the directory succeeded");
      }
      return second.output();
    }
  }

  /** What the launcher and its node have said, a line each. */
  public List<String> said() {
    return running().output();
  }

  /** Where programs reach the node. */
  public String programs() {
    return "127.0.0.1:" + ports.client();
  }

  /** Where the node is told to listen. */
  public Set<String> doors() {
    return IntStream.of(ports.http(), ports.client(), ports.discovery(), ports.communication())
        .mapToObj(port -> "127.0.0.1:" + port)
        .collect(Collectors.toSet());
  }

  /** Where the node listens, by what the system says of its process. */
  public Set<String> listening() throws IOException, InterruptedException {
    return Listening.of(pid());
  }

  /**
   * Runs a command of the launcher's against the node; returns what it said.
   *
   * @throws IOException with its words when it does not end well
   */
  public String command(String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = Launcher.command(name, "--url", "http://127.0.0.1:" + ports.http());
    command.addAll(List.of(arguments));
    return Shell.run(command.toArray(String[]::new));
  }

  /** The administrator's key. */
  public String key() {
    return read("admin.key");
  }

  /** The REST face for the administrator's key. */
  public Rest rest() {
    return new Rest(URI.create("http://127.0.0.1:" + ports.http()), key());
  }

  /** Whether the node says that it is ready. */
  public boolean isReady() {
    URI health = URI.create("http://127.0.0.1:" + ports.http() + "/actuator/health/readiness");
    try (InputStream answer = health.toURL().openStream()) {
      return answer.read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Where the stand-in answers, such as {@code http://127.0.0.1:9400}. */
  public URI platforms() {
    return sim.uri();
  }

  /** The texts that arrived at the platforms, in order. */
  public List<String> arrived() throws IOException {
    List<String> texts = new ArrayList<>();
    items("ledger").forEach(item -> texts.add(item.path("text").stringValue()));
    return texts;
  }

  /** The calls that were one too many. */
  public JsonNode violations() throws IOException {
    return items("violations");
  }

  /** A Mastodon channel on the stand-in, for an account of this name; its id. */
  public String channel(String account) throws IOException, InterruptedException {
    return channel(account, "mastodon");
  }

  /** The same at another place of the stand-in's, such as one where nobody answers. */
  public String channel(String account, String place) throws IOException, InterruptedException {
    return rest().post("/channels", channelAt(account, place)).expect(201).text("id");
  }

  /** Mends a channel's place. */
  public void move(String channel, String account, String place)
      throws IOException, InterruptedException {
    String body = channelAt(account, place);
    rest().send("PUT", "/channels/" + channel, "application/json", body).expect(200);
  }

  private String channelAt(String account, String place) {
    return """
        {"platform":"mastodon","handle":"@%s","baseUrl":"%s/%s","zone":"Europe/Paris",
         "credentials":{"accessToken":"t-%s"}}\
        """
        .formatted(account, sim.uri(), place, account);
  }

  /** The first column of a query to the node's Postgres. */
  public List<String> query(String sql) throws SQLException {
    try (Connection connection = postgres().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  @Override
  public void close() {
    UpProcess last = process;
    if (last != null) {
      last.close();
    }
    sim.close();
  }

  private PGSimpleDataSource postgres() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(read("postgres.url"));
    return source;
  }

  private JsonNode items(String what) throws IOException {
    try (InputStream in = sim.uri().resolve("/sim/" + what).toURL().openStream()) {
      return JsonMapper.shared().readTree(in).path("items");
    }
  }

  private UpProcess running() {
    UpProcess current = process;
    if (current == null) {
      throw new IllegalStateException("the node was not started");
    }
    return current;
  }

  private String read(String file) {
    try {
      return Files.readString(data.resolve(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
