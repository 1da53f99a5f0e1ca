package io.pulsegrid.sim.mastodon;

import io.pulsegrid.sim.world.Piece;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Statuses, accounts and the server as Mastodon's clients read them. */
final class Shapes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

  private final String server;
  private final Instant now;

  /** Shapes with addresses below {@code server} and counts as of {@code now}. */
  Shapes(String server, Instant now) {
    this.server = server;
    this.now = now;
  }

  ObjectNode status(Status status) {
    Draft draft = status.draft();
    String address = home(status.account());
    String name = status.account().name();
    long likes = status.shown().map(piece -> piece.likes(now)).orElse(0L);
    ObjectNode json = JSON.createObjectNode();
    json.put("id", String.valueOf(status.id()));
    json.put("created_at", MILLIS.format(status.at()));
    json.put("in_reply_to_id", draft.inReplyToId());
    json.putNull("in_reply_to_account_id");
    json.put("sensitive", draft.sensitive());
    json.put("spoiler_text", draft.spoiler());
    json.put("visibility", draft.visibility());
    json.put("language", draft.language());
    json.put("uri", address + "/users/" + name + "/statuses/" + status.id());
    json.put("url", address + "/@" + name + "/" + status.id());
    json.put("replies_count", status.shown().map(piece -> piece.comments(now)).orElse(0L));
    json.put("reblogs_count", likes / 3);
    json.put("favourites_count", likes);
    json.putNull("edited_at");
    json.put("favourited", false).put("reblogged", false);
    json.put("muted", false).put("bookmarked", false);
    json.put("content", Markup.of(draft.text(), server));
    json.putArray("filtered");
    json.putNull("reblog");
    json.set("application", application(status));
    json.set("account", account(status.account()));
    json.putArray("media_attachments");
    json.putArray("mentions");
    ArrayNode tags = json.putArray("tags");
    status
        .tags()
        .forEach(tag -> tags.addObject().put("name", tag).put("url", server + "/tags/" + tag));
    json.putArray("emojis");
    json.putNull("card").putNull("poll");
    return json;
  }

  ObjectNode account(Account account) {
    String address = home(account);
    ObjectNode json = JSON.createObjectNode();
    json.put("id", String.valueOf(account.id()));
    json.put("username", account.name());
    json.put("acct", account.acct());
    json.put("display_name", account.name().replace('_', ' '));
    json.put("locked", false).put("bot", false).put("discoverable", true).put("group", false);
    json.put("created_at", "2022-11-05T00:00:00.000Z");
    json.put("note", "");
    json.put("url", address + "/@" + account.name());
    json.put("uri", address + "/users/" + account.name());
    for (String image : new String[] {"avatar", "header"}) {
      String missing = address + "/" + image + "s/original/missing.png";
      json.put(image, missing).put(image + "_static", missing);
    }
    json.put("followers_count", Math.floorMod(account.name().hashCode(), 5_000));
    json.put("following_count", Math.floorMod(account.name().hashCode(), 700));
    json.put("statuses_count", Math.floorMod(account.name().hashCode(), 9_000));
    json.put("last_status_at", DAY.format(now));
    json.putArray("emojis");
    json.putArray("fields");
    return json;
  }

  /** The account that a token speaks for, with what only its owner sees. */
  ObjectNode credentials(Account account) {
    ObjectNode json = account(account);
    ObjectNode source = json.putObject("source");
    source.put("privacy", "public").put("sensitive", false).put("language", "en").put("note", "");
    source.putArray("fields");
    source.put("follow_requests_count", 0);
    return json;
  }

  ObjectNode instance() {
    ObjectNode json = JSON.createObjectNode();
    json.put("domain", server.replaceFirst("^https?://", ""));
    json.put("title", "Pulsegrid stand-in");
    json.put("version", "4.4.3");
    json.put("source_url", "https://github.com/mastodon/mastodon");
    json.put("description", "A Mastodon server for trying things out");
    json.putObject("usage").putObject("users").put("active_month", 412);
    json.putArray("languages").add("en");
    ObjectNode configuration = json.putObject("configuration");
    configuration
        .putObject("statuses")
        .put("max_characters", CharacterCount.MOST)
        .put("max_media_attachments", 0)
        .put("characters_reserved_per_url", CharacterCount.LINK);
    configuration.putObject("accounts").put("max_featured_tags", 10);
    json.putObject("registrations").put("enabled", false);
    json.putArray("rules");
    return json;
  }

  private static ObjectNode application(Status status) {
    String name = status.shown().map(Piece::place).map(_ -> "Web").orElse("API client");
    return JSON.createObjectNode().put("name", name).putNull("website");
  }

  private String home(Account account) {
    return account.home().isEmpty() ? server : "https://" + account.home();
  }
}
