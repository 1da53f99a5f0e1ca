package io.pulsegrid.sim.mastodon;

import io.pulsegrid.sim.world.Piece;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A status on this server.
 *
 * @param piece the piece of the made-up world it shows; null for one that a client posted
 */
record Status(long id, Instant at, Account account, Draft draft, @Nullable Piece piece) {
  private static final Pattern TAG =
      Pattern.compile("(?<![\\w&])#(\\w*\\p{L}\\w*)", Pattern.UNICODE_CHARACTER_CLASS);
  private static final int APPEAL_OF_LINK = 6;

  static Status posted(long id, Instant at, Account account, Draft draft) {
    return new Status(id, at, account, draft, null);
  }

  /** A piece of the made-up world; news that many like carries its link. */
  static Status of(Piece piece) {
    String text = piece.wording().text();
    boolean isNews = !piece.wording().tags().isEmpty();
    String linked = isNews && piece.appeal() >= APPEAL_OF_LINK ? text + " " + piece.url() : text;
    Account account = Account.remote(piece.author());
    return new Status(piece.number(), piece.at(), account, Draft.of(linked, "en"), piece);
  }

  /** Its hashtags in lower case. */
  List<String> tags() {
    return TAG.matcher(draft.text())
        .results()
        .map(MatchResult::group)
        .map(tag -> tag.substring(1).toLowerCase(Locale.ROOT))
        .distinct()
        .toList();
  }

  Optional<Piece> shown() {
    return Optional.ofNullable(piece);
  }
}
