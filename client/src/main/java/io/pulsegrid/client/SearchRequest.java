package io.pulsegrid.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to look for, and among what; a null leaves that side open.
 *
 * @param q words; needed unless {@code like} is given
 * @param like the id of a post to resemble
 * @param mode {@code hybrid} (as null), {@code text} or {@code vector}
 * @param since published at or after
 * @param until published before
 * @param facets what to count, by commas: platform, lang, tag, author, trend
 * @param highlight {@code true} to be shown where hits have the words
 */
public record SearchRequest(
    @Nullable String q,
    @Nullable String like,
    @Nullable String mode,
    @Nullable String platform,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable String lang,
    @Nullable String tag,
    @Nullable String trend,
    @Nullable String author,
    @Nullable Long minLikes,
    @Nullable String facets,
    @Nullable String highlight) {

  /** For words, by words and meaning. */
  public static SearchRequest forWords(String words) {
    return new SearchRequest(
        words, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** For posts that resemble one. */
  public static SearchRequest like(String post) {
    return new SearchRequest(
        null, post, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** The same on one platform. */
  public SearchRequest on(String only) {
    return new SearchRequest(
        q, like, mode, only, since, until, lang, tag, trend, author, minLikes, facets, highlight);
  }

  /** The same by {@code text}, {@code vector} or {@code hybrid}. */
  public SearchRequest by(String how) {
    return new SearchRequest(
        q, like, how, platform, since, until, lang, tag, trend, author, minLikes, facets,
        highlight);
  }

  /** The same with counts of these facets. */
  public SearchRequest counting(String... counted) {
    return new SearchRequest(
        q,
        like,
        mode,
        platform,
        since,
        until,
        lang,
        tag,
        trend,
        author,
        minLikes,
        String.join(",", counted),
        highlight);
  }

  /** The same with the words shown where they stand. */
  public SearchRequest highlighted() {
    return new SearchRequest(
        q, like, mode, platform, since, until, lang, tag, trend, author, minLikes, facets, "true");
  }
}
