package io.pulsegrid.chaos.control;

import io.pulsegrid.chaos.node.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A sender that arms with the fence that it read, or without. It sends no idempotency key. */
final class ControlSender {
  private static final String FENCED =
      "UPDATE control_delivery SET state = 'ARMED', fence = fence + 1"
          + " WHERE id = ? AND state = 'SCHEDULED' AND fence = ?";
  private static final String FREE =
      "UPDATE control_delivery SET state = 'ARMED' WHERE id = ? AND ? > 0";

  private final Store store;
  private final HttpClient http;
  private final URI platform;
  private final boolean fenced;

  /** A delivery as it was read. */
  record Due(int id, int fence) {}

  ControlSender(Store store, HttpClient http, URI platform, boolean fenced) {
    this.store = store;
    this.http = http;
    this.platform = platform;
    this.fenced = fenced;
  }

  List<Due> due() throws SQLException {
    List<Due> due = new ArrayList<>();
    for (String row :
        store.column(
            "SELECT id || ' ' || fence FROM control_delivery WHERE state = 'SCHEDULED' ORDER BY"
                + " id")) {
      int space = row.indexOf(' ');
      due.add(
          new Due(
              Integer.parseInt(row.substring(0, space)),
              Integer.parseInt(row.substring(space + 1))));
    }
    return due;
  }

  /** Arms and sends, one by one, what was read before. */
  void send(List<Due> read) throws SQLException, IOException, InterruptedException {
    try (Connection connection = store.connect();
        PreparedStatement arm = connection.prepareStatement(fenced ? FENCED : FREE)) {
      for (Due one : read) {
        arm.setInt(1, one.id());
        arm.setInt(2, one.fence());
        if (arm.executeUpdate() == 1) {
          call(one);
        }
      }
    }
  }

  private void call(Due one) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(platform.resolve("/mastodon/api/v1/statuses"))
            .header("Authorization", "Bearer t-control")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("status=controlled+post+" + one.id()))
            .build();
    int status = http.send(request, BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException("the platform answered " + status);
    }
  }
}
