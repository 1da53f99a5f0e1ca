package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Grid;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What ledger, platform and nodes say of each of many posts that were acknowledged, one beside the
 * other.
 *
 * @param states of the deliveries, counted
 * @param lost what has no row, did not come to an end, ended as no right post may, or is PUBLISHED
 *     and never arrived
 * @param doubled texts that the platform has more than once
 * @param disputed deliveries of which two say different things
 * @param overLimit calls that were one too many in a window as the platform counts it
 */
public record Reckoning(
    int promised,
    TreeMap<String, Integer> states,
    List<String> lost,
    List<String> doubled,
    List<String> disputed,
    int overLimit) {
  private static final String PUBLISHED = "PUBLISHED";

  /** Waits in sight, for a platform that does not say or a person who has to. */
  private static final String UNCONFIRMED = "UNCONFIRMED";

  private static final Set<String> NEVER_SENT = Set.of("FAILED", "MISSED", "CANCELLED");

  private static final String ROWS =
      """
      SELECT concat_ws(E'\\t', s.text, d.id, d.state, coalesce(d.remote_id, ''),
        (SELECT count(*) FROM attempt a WHERE a.delivery = d.id AND a.outcome = 'accepted'))
      FROM delivery d JOIN scheduled_post s ON s.id = d.scheduled_post
      """;

  public Reckoning {
    states = new TreeMap<>(states);
    lost = List.copyOf(lost);
    doubled = List.copyOf(doubled);
    disputed = List.copyOf(disputed);
  }

  /** A delivery as the ledger has it. */
  record Row(String id, String state, String remoteId, int accepted) {
    static Row of(String[] columns) {
      return new Row(columns[1], columns[2], columns[3], Integer.parseInt(columns[4]));
    }
  }

  /**
   * What all three said.
   *
   * @param ledger rows, by text
   * @param platform the platform's ids, by text
   * @param told states as the nodes tell them, by delivery
   */
  record Said(
      Map<String, Row> ledger, Map<String, List<String>> platform, Map<String, String> told) {}

  /** Asks all three. */
  public static Reckoning of(Grid grid, List<String> texts, URI sim)
      throws SQLException, IOException, InterruptedException {
    Map<String, Row> ledger = new HashMap<>();
    for (String row : grid.store().column(ROWS)) {
      String[] columns = row.split("\t", -1);
      ledger.put(columns[0], Row.of(columns));
    }
    Said said = new Said(ledger, Arrivals.idsByText(sim), told(grid));
    return of(texts, said, Arrivals.violations(sim));
  }

  static Reckoning of(List<String> texts, Said said, int overLimit) {
    TreeMap<String, Integer> states = new TreeMap<>();
    List<String> lost = new ArrayList<>();
    List<String> doubled = new ArrayList<>();
    List<String> disputed = new ArrayList<>();
    for (String text : texts) {
      List<String> arrived = said.platform().getOrDefault(text, List.of());
      Row row = said.ledger().get(text);
      states.merge(row == null ? "(none)" : row.state(), 1, Integer::sum);
      if (arrived.size() > 1) {
        doubled.add(text);
      }
      judge(text, row, arrived, lost, disputed);
    }
    for (Row row : said.ledger().values()) {
      String state = said.told().get(row.id());
      if (!row.state().equals(state)) {
        disputed.add(
            "delivery %s is %s in the ledger and %s to a node"
                .formatted(row.id(), row.state(), state));
      }
    }
    return new Reckoning(texts.size(), states, lost, doubled, disputed, overLimit);
  }

  private static void judge(
      String text,
      @Nullable Row row,
      List<String> arrived,
      List<String> lost,
      List<String> disputed) {
    if (row == null) {
      lost.add(text + " has no row");
    } else if (row.state().equals(PUBLISHED)) {
      if (arrived.isEmpty()) {
        lost.add(text + " is PUBLISHED and never arrived");
      } else if (!arrived.contains(row.remoteId())) {
        disputed.add(
            "%s is %s in the ledger and %s there".formatted(text, row.remoteId(), arrived));
      }
      if (row.accepted() > 1) {
        disputed.add(text + " was accepted " + row.accepted() + " times");
      }
    } else if (NEVER_SENT.contains(row.state())) {
      // This platform refuses no post of ours and nobody cancels: such an end is a post not sent.
      lost.add(text + " ended " + row.state());
      if (!arrived.isEmpty()) {
        disputed.add(text + " ended " + row.state() + " and arrived");
      }
    } else if (!row.state().equals(UNCONFIRMED)) {
      lost.add(text + " is still " + row.state());
    }
  }

  /** Each delivery as one of the nodes tells it, in turn. */
  private static Map<String, String> told(Grid grid) throws IOException, InterruptedException {
    Map<String, String> told = new HashMap<>();
    String cursor = "";
    for (int page = 0; page == 0 || !cursor.isEmpty(); page++) {
      Answer answer =
          ask(grid, page, "/deliveries?limit=500" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      for (JsonNode delivery : answer.body().path("items")) {
        told.put(delivery.path("id").asString(""), delivery.path("state").asString(""));
      }
      cursor = answer.text("next");
    }
    return told;
  }

  /** What a node says, or the next where it is away. */
  private static Answer ask(Grid grid, int first, String path)
      throws IOException, InterruptedException {
    IOException away = new IOException("the grid has no node");
    for (int turn = 0; turn < grid.size(); turn++) {
      try {
        Answer answer = grid.rest((first + turn) % grid.size()).get(path);
        if (answer.status() == 200) {
          return answer;
        }
        away = new IOException(path + " was answered with " + answer.status());
      } catch (IOException e) {
        away = e;
      }
    }
    throw away;
  }

  /** How many of the ledger's deliveries have not come to an end. */
  public static int waiting(Grid grid) throws SQLException {
    return Integer.parseInt(
        grid.store()
            .column(
                "SELECT count(*) FROM delivery WHERE state IN"
                    + " ('SCHEDULED', 'ARMED', 'RETRY', 'UNCONFIRMED')")
            .getFirst());
  }

  /** How many are known to be on their platform. */
  public static int published(Grid grid) throws SQLException {
    return Integer.parseInt(
        grid.store().column("SELECT count(*) FROM delivery WHERE state = 'PUBLISHED'").getFirst());
  }

  public boolean holds() {
    return lost.isEmpty() && doubled.isEmpty() && disputed.isEmpty() && overLimit == 0;
  }

  /** Counts, and the first of whatever is wrong. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d posts: %s; lost %d, twice %d, disputed %d, over a limit %d"
            .formatted(promised, states, lost.size(), doubled.size(), disputed.size(), overLimit));
    lost.stream().limit(5).forEach(one -> lines.add("lost: " + one));
    doubled.stream().limit(5).forEach(one -> lines.add("twice: " + one));
    disputed.stream().limit(5).forEach(one -> lines.add("disputed: " + one));
    return lines;
  }
}
