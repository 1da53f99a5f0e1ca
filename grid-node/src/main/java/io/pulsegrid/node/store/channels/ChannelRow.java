package io.pulsegrid.node.store.channels;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.store.AgeCursor;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A row of the table {@code channel}, in and out. */
final class ChannelRow {
  private static final TypeReference<Map<String, String>> NAMED = new TypeReference<>() {};
  private static final TypeReference<List<Map<String, String>>> LISTED = new TypeReference<>() {};

  static final String COLUMNS =
      "id, workspace, platform, handle, base_url, zone, slots, paused, credentials, account,"
          + " version, created_at";

  private final JsonMapper json = JsonMapper.shared();
  private final CredentialCipher cipher;

  ChannelRow(CredentialCipher cipher) {
    this.cipher = cipher;
  }

  Channel channel(ResultSet row) throws SQLException {
    return new Channel(
        row.getString("id"),
        new WorkspaceId(row.getString("workspace")),
        new Channel.Spec(
            row.getString("platform"),
            row.getString("handle"),
            URI.create(row.getString("base_url")),
            ZoneId.of(row.getString("zone")),
            slots(row.getString("slots"))),
        row.getBoolean("paused"),
        row.getString("account"),
        row.getLong("version"),
        AgeCursor.instant(row, "created_at"));
  }

  ChannelSecrets.Unlocked unlocked(ResultSet row) throws SQLException {
    Channel channel = channel(row);
    return new ChannelSecrets.Unlocked(channel, open(channel.id(), row.getBytes("credentials")));
  }

  byte[] seal(String channelId, Channel.Credentials credentials) {
    return cipher.seal(owner(channelId), json.writeValueAsBytes(credentials.values()));
  }

  Channel.Credentials open(String channelId, byte[] sealed) {
    return new Channel.Credentials(json.readValue(cipher.open(owner(channelId), sealed), NAMED));
  }

  String slots(List<Channel.Slot> slots) {
    return json.writeValueAsString(slots.stream().map(ChannelRow::named).toList());
  }

  private List<Channel.Slot> slots(String text) {
    return json.readValue(text, LISTED).stream().map(ChannelRow::slot).toList();
  }

  private static Map<String, String> named(Channel.Slot slot) {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("day", slot.day().name().substring(0, 3));
    named.put("time", slot.time().toString());
    return named;
  }

  private static Channel.Slot slot(Map<String, String> named) {
    String day = named.getOrDefault("day", "").toUpperCase(Locale.ROOT);
    for (DayOfWeek candidate : DayOfWeek.values()) {
      if (!day.isEmpty() && candidate.name().startsWith(day)) {
        return new Channel.Slot(candidate, LocalTime.parse(named.getOrDefault("time", "")));
      }
    }
    throw new IllegalStateException("a stored slot names a day, was " + named);
  }

  private static String owner(String channelId) {
    return "channel " + channelId;
  }
}
