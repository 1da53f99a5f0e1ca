package io.pulsegrid.connectors.feed;

import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.IncomingPost;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From a feed's bytes to posts, oldest first. */
final class FeedParser {
  static final String PLATFORM = "feed";

  private static final Pattern WORLDWIDE =
      Pattern.compile(
          "[a-zA-Z][a-zA-Z0-9+.-]*:\\S+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern LANGUAGE = Pattern.compile("[a-zA-Z]{2,8}(?:[-_][a-zA-Z0-9]{1,8})*");

  private final URI url;
  private final String source;
  private final Instant now;
  private final SequencedMap<String, IncomingPost> posts = new LinkedHashMap<>();
  private final List<String> rejected = new ArrayList<>();

  /**
   * @param url where the feed was read, for ids and links that are relative to it
   */
  FeedParser(URI url, String source, Instant now) {
    this.url = url;
    this.source = source;
    this.now = now;
  }

  /**
   * What a feed holds.
   *
   * @param rejected entries that cannot be posts, with their place and reason
   * @param complete false if the feed broke off, so that more may follow under the same ETag
   */
  record Parsed(List<IncomingPost> posts, List<String> rejected, boolean complete) {}

  Parsed parse(byte[] body, @Nullable String contentType) throws FeedDocument.UnreadableException {
    FeedDocument.Read read = FeedDocument.read(FeedDecoding.decode(body, contentType));
    int place = 0;
    for (Entry entry : Entries.of(read.feed())) {
      place++;
      IncomingPost post = post(entry);
      List<FieldError> errors = post.errors();
      if (errors.isEmpty()) {
        // A feed that repeats an id means the same entry; newest first, so the first one counts.
        posts.putIfAbsent(post.content().nativeId(), post);
      } else {
        FieldError first = errors.getFirst();
        rejected.add("entry " + place + ": " + first.field() + " " + first.message());
      }
    }
    List<IncomingPost> oldestFirst = new ArrayList<>(posts.sequencedValues().reversed());
    oldestFirst.sort(Comparator.comparing(post -> dateOrNow(post)));
    return new Parsed(oldestFirst, rejected, read.complete());
  }

  private Instant dateOrNow(IncomingPost post) {
    Instant published = post.publishedAt();
    return published == null ? now : published;
  }

  private IncomingPost post(Entry entry) {
    Optional<String> link = Optional.ofNullable(entry.identity().link()).flatMap(this::resolve);
    Optional<String> text = entry.text().map(each -> PlainText.cut(each, IncomingPost.MAX_TEXT));
    List<String> tags =
        entry.labels().tags().stream()
            .flatMap(tag -> PlainText.ofPerhapsHtml(tag).stream())
            .map(tag -> PlainText.cut(tag, IncomingPost.MAX_SHORT))
            .distinct()
            .limit(IncomingPost.MAX_TAGS)
            .toList();
    Content content =
        new Content(
            PLATFORM,
            nativeId(entry, link),
            link.filter(each -> each.length() <= IncomingPost.MAX_URL).orElse(null),
            entry.author().map(each -> PlainText.cut(each, IncomingPost.MAX_SHORT)).orElse(null),
            entry.title().map(each -> PlainText.cut(each, IncomingPost.MAX_TITLE)).orElse(null),
            text.orElse(null),
            language(entry.labels().lang()),
            null,
            tags);
    return new IncomingPost(
        content, FeedDates.believable(now, entry.dates()), entry.engagement(), source);
  }

  /**
   * The id an entry keeps for ever. Ids that look unique in the world are taken as they are;
   * others, such as "17", mean something on their own host only, so the host goes before them.
   */
  private String nativeId(Entry entry, Optional<String> link) {
    Optional<String> given = PlainText.line(entry.identity().id());
    String id =
        given
            .map(
                each ->
                    WORLDWIDE.matcher(each).matches() ? each : url.getRawAuthority() + ":" + each)
            .or(() -> link)
            .orElseGet(
                () ->
                    "sha256:"
                        + sha256(
                            url.getRawAuthority()
                                + "\n"
                                + entry.title().or(entry::text).orElse("")
                                + "\n"
                                + entry.dates().stream()
                                    .flatMap(Optional::stream)
                                    .findFirst()
                                    .map(Instant::toString)
                                    .orElse("")));
    return id.length() <= IncomingPost.MAX_NATIVE_ID ? id : "sha256:" + sha256(id);
  }

  private Optional<String> resolve(String link) {
    return PlainText.line(link)
        .map(
            written -> {
              try {
                return url.resolve(written).toString();
              } catch (IllegalArgumentException notAUri) {
                return written;
              }
            });
  }

  private static @Nullable String language(@Nullable String given) {
    return given != null && given.length() <= 35 && LANGUAGE.matcher(given.strip()).matches()
        ? given.strip()
        : null;
  }

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
