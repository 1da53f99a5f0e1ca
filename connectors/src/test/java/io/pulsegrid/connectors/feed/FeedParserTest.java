package io.pulsegrid.connectors.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.post.IncomingPost;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedParserTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void takesTheGuidThenTheLinkThenTheWordsForTheId() throws Exception {
    FeedParser.Parsed parsed =
        parse(
            rss(
                """
                <item><title>A</title><guid>urn:uuid:1</guid><link>/a</link></item>
                <item><title>B</title><guid isPermaLink="false">17</guid></item>
                <item><title>C</title><link>/c?x=1&amp;y=2</link></item>
                <item><title>D</title><pubDate>Fri, 02 Jan 2015 10:00:00 GMT</pubDate></item>
                """));

    assertThat(byTitle(parsed, "A").content().nativeId()).isEqualTo("urn:uuid:1");
    assertThat(byTitle(parsed, "A").content().url()).isEqualTo("http://example.org/a");
    assertThat(byTitle(parsed, "B").content().nativeId()).isEqualTo("example.org:17");
    assertThat(byTitle(parsed, "C").content().nativeId()).isEqualTo("http://example.org/c?x=1&y=2");
    assertThat(byTitle(parsed, "D").content().nativeId()).matches("sha256:[0-9a-f]{32}");
  }

  @Test
  void derivesTheSameIdEachTime() throws Exception {
    String feed = rss("<item><title>D</title></item>");

    assertThat(parse(feed).posts().getFirst().content().nativeId())
        .isEqualTo(parse(feed).posts().getFirst().content().nativeId());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mon, 16 Oct 2017 15:10:00 +0000 | 2017-10-16T15:10:00Z",
        "Mon, 16 Oct 2017 15:10 EST | 2017-10-16T20:10:00Z",
        "16 October 2017 15:10:00 GMT | 2017-10-16T15:10:00Z",
        "2017-10-16 15:10:00 | 2017-10-16T15:10:00Z",
        "2017-10-16T15:10:00.123+02:00 | 2017-10-16T13:10:00Z",
        "2017-10-16 | 2017-10-16T00:00:00Z",
        "1508166600 | 2017-10-16T15:10:00Z",
        "1508166600000 | 2017-10-16T15:10:00Z",
        "Mo, 16 Oct 2017 15:10:00 +0000 | 2017-10-16T15:10:00Z",
        "October 16, 2017 3:10 PM | 2017-10-16T15:10:00Z"
      })
  void readsTheDatesThatPeopleWrite(String written, Instant expected) throws Exception {
    assertThat(single("<pubDate>" + written + "</pubDate>").publishedAt()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "yesterday",
    "''",
    "2099-01-01T00:00:00Z",
    "'Thu, 01 Jan 1970 00:00:00 GMT'",
    "0001-01-01T00:00:00Z",
    "'32 Foo 2017 99:99:99 GMT'"
  })
  void leavesOutDatesThatCannotBeTrue(String written) throws Exception {
    assertThat(single("<pubDate>" + written + "</pubDate>").publishedAt()).isNull();
  }

  @Test
  void leavesOutADateThatIsMissing() throws Exception {
    assertThat(single("").publishedAt()).isNull();
  }

  @Test
  void readsUtf8WhateverIsDeclared() throws Exception {
    byte[] bytes =
        rss("<item><title>Zoë – naïve</title><link>/x</link></item>")
            .replace("UTF-8", "ISO-8859-1")
            .getBytes(StandardCharsets.UTF_8);

    assertThat(parse(bytes, "text/xml; charset=iso-8859-1").posts().getFirst().content().title())
        .isEqualTo("Zoë – naïve");
  }

  @ParameterizedTest
  @CsvSource({"ISO-8859-1, Zoë", "windows-1251, Новости", "Shift_JIS, 日本語", "UTF-16, 日本語"})
  void readsTheEncodingThatIsDeclared(String encoding, String title) throws Exception {
    byte[] bytes =
        rss("<item><title>" + title + "</title><link>/x</link></item>")
            .replace("UTF-8", encoding)
            .getBytes(Charset.forName(encoding));

    assertThat(parse(bytes, null).posts().getFirst().content().title()).isEqualTo(title);
  }

  @Test
  void readsTheEncodingOfTheHeader() throws Exception {
    byte[] bytes =
        rss("<item><title>Новости дня</title><link>/x</link></item>")
            .replace(" encoding=\"UTF-8\"", "")
            .getBytes(Charset.forName("windows-1251"));

    assertThat(
            parse(bytes, "application/rss+xml; charset=windows-1251")
                .posts()
                .getFirst()
                .content()
                .title())
        .isEqualTo("Новости дня");
  }

  @Test
  void refusesADoctype() {
    String bomb =
        """
        <?xml version="1.0"?>
        <!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">]>
        <rss version="2.0"><channel><item><title>&lol2;</title></item></channel></rss>
        """;

    assertThatThrownBy(() -> parse(bomb)).hasMessageContaining("DOCTYPE");
  }

  @Test
  void refusesToReadAFileOfTheHost() {
    String theft =
        """
        <!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>
        <rss version="2.0"><channel><item><title>&file;</title></item></channel></rss>
        """;

    assertThatThrownBy(() -> parse(theft)).hasMessageContaining("DOCTYPE");
  }

  @Test
  void refusesElementsWithoutBottom() {
    String deep = rss("<item><title>" + "<b>".repeat(100_000) + "</title></item>");

    assertThatThrownBy(() -> parse(deep)).isInstanceOf(FeedDocument.UnreadableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'<!DOCTYPE html><html><body>Not found</body></html>', HTML page",
    "'<html><body>Not found</body></html>', HTML page",
    "'', empty",
    "'{\"items\":[]}', not well-formed",
    "'<rss><channel><title>Half a feed', not well-formed",
    "'<catalog><book/></catalog>', its root is <catalog>"
  })
  void saysWhatItGotInsteadOfAFeed(String body, String reason) {
    assertThatThrownBy(() -> parse(body)).hasMessageContaining(reason);
  }

  @Test
  void mendsBareAmpersandsAndEntitiesOfHtml() throws Exception {
    IncomingPost post =
        single("<description>Salt & pepper &nbsp;&mdash; caf&eacute;</description>");

    assertThat(post.content().text()).isEqualTo("Salt & pepper — café");
  }

  @Test
  void dropsAnEntryThatIsCutOff() throws Exception {
    String whole =
        rss("<item><title>A</title><link>/a</link></item><item><title>B</title><link>/b</link>");

    FeedParser.Parsed parsed = parse(whole.substring(0, whole.indexOf("</channel>") - 3));

    assertThat(parsed.posts()).extracting(post -> post.content().title()).containsExactly("A");
    assertThat(parsed.complete()).isFalse();
  }

  @Test
  void readsRssWithoutAVersionAndRdf() throws Exception {
    assertThat(
            parse("<rss><channel><item><title>A</title><link>/a</link></item></channel></rss>")
                .posts())
        .hasSize(1);
    String rdf =
        """
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
            xmlns:dc="http://purl.org/dc/elements/1.1/">
          <channel rdf:about="http://example.org/"><title>T</title><link>http://example.org/</link></channel>
          <item rdf:about="http://example.org/1"><title>One</title><link>http://example.org/1</link>
            <dc:date>2015-01-02T03:04:05Z</dc:date><dc:creator>Ann</dc:creator></item>
        </rdf:RDF>
        """;
    IncomingPost post = parse(rdf).posts().getFirst();
    assertThat(post.content().nativeId()).isEqualTo("http://example.org/1");
    assertThat(post.content().author()).isEqualTo("Ann");
    assertThat(post.publishedAt()).isEqualTo("2015-01-02T03:04:05Z");
  }

  @Test
  void rejectsAnEntryWithoutWordsAndTakesTheOthers() throws Exception {
    FeedParser.Parsed parsed =
        parse(rss("<item><link>/a</link></item><item><title>B</title><link>/b</link></item>"));

    assertThat(parsed.posts()).hasSize(1);
    assertThat(parsed.rejected())
        .containsExactly("entry 1: text one of title and text is required");
  }

  @Test
  void keepsWhatFitsOfWhatIsTooLong() throws Exception {
    IncomingPost post =
        single(
            "<description>"
                + "x".repeat(300_000)
                + "</description><author>"
                + "y".repeat(1000)
                + "</author>");

    assertThat(post.errors()).isEmpty();
    assertThat(post.content().text()).hasSize(IncomingPost.MAX_TEXT);
    assertThat(post.content().author()).hasSize(IncomingPost.MAX_SHORT);
  }

  @Test
  void takesTheTagsOfTheOtherFamilyForText() throws Exception {
    String atom =
        """
        <?xml version="1.0"?><!-- made by hand: <rss> -->
        <feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>
          <entry><id>urn:uuid:1</id><title>A</title>
            <content type="html"><![CDATA[RSS has an <item > and Atom an <entry >]]></content></entry>
          <entry><id>urn:uuid:2</id><title>B</title></entry>
        </feed>
        """;
    FeedParser.Parsed parsed = parse(atom);
    assertThat(parsed.posts()).hasSize(2);
    assertThat(parsed.complete()).isTrue();

    String told = "<![CDATA[Atom has an <entry > and RSS an <item >]]>";
    FeedParser.Parsed rss =
        parse(rss("<item><title>A</title><description>" + told + "</description></item>"));
    assertThat(rss.posts()).hasSize(1);
    assertThat(rss.complete()).isTrue();
  }

  @Test
  void leavesOutAnEntryThatBreaksOffWithinItsText() throws Exception {
    String whole =
        rss("<item><title>A</title></item><item><title>B</title><link><![CDATA[</item>]]></link>");
    FeedParser.Parsed parsed = parse(whole.substring(0, whole.indexOf("]]>")));

    assertThat(parsed.posts()).extracting(post -> post.content().title()).containsExactly("A");
    assertThat(parsed.complete()).isFalse();
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void readsAnAuthorOfNothingButSignsInNoTime() throws Exception {
    assertThat(single("<author>" + "@".repeat(1_000_000) + "</author>").content().author())
        .hasSize(IncomingPost.MAX_SHORT);
  }

  @Test
  void takesOnlyTheNameOfAnAuthor() throws Exception {
    assertThat(single("<author>ann@example.org (Ann Lee)</author>").content().author())
        .isEqualTo("Ann Lee");
  }

  private static IncomingPost single(String inside) throws Exception {
    return parse(rss("<item><title>T</title><link>/x</link>" + inside + "</item>"))
        .posts()
        .getFirst();
  }

  private static IncomingPost byTitle(FeedParser.Parsed parsed, String title) {
    return parsed.posts().stream()
        .filter(post -> title.equals(post.content().title()))
        .findFirst()
        .orElseThrow();
  }

  private static String rss(String items) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel>"
        + "<title>F</title>"
        + items
        + "</channel></rss>";
  }

  private static FeedParser.Parsed parse(String feed) throws Exception {
    return parse(feed.getBytes(StandardCharsets.UTF_8), null);
  }

  private static FeedParser.Parsed parse(byte[] feed, @Nullable String contentType)
      throws Exception {
    return new FeedParser(URI.create("http://example.org/feed"), "s", NOW).parse(feed, contentType);
  }
}
