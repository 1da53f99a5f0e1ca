package io.pulsegrid.connectors.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.Shared;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import java.net.URI;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The feeds that live services really served. */
class RecordedFeedsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void readsAnAtomFeedOfHtml() throws Exception {
    List<IncomingPost> posts = posts("aws_blog.xml", 10);

    IncomingPost newest = posts.getLast();
    assertThat(newest.content().nativeId()).isEqualTo("tag:typepad.com,2003:post-61484736");
    assertThat(newest.content().title())
        .isEqualTo("AWS Job: Architect & Designer Position in Turkey");
    assertThat(newest.content().url())
        .isEqualTo(
            "http://aws.typepad.com/aws/2009/01/aws-job-architect-designer-position-in-turkey.html");
    assertThat(newest.content().author()).isEqualTo("AWS Editor");
    assertThat(newest.content().tags()).containsExactly("Turkey", "Seattle");
    assertThat(newest.content().text())
        .startsWith("Late last year an entrepreneur from Turkey visited me at Amazon HQ")
        .doesNotContain("<", "&amp;");
    assertThat(newest.publishedAt()).isEqualTo("2009-01-16T18:21:00Z");
    assertThat(posts.getFirst().publishedAt()).isEqualTo("2008-12-29T20:10:35Z");
  }

  @Test
  void readsAnAtomFeedOfXhtml() throws Exception {
    List<IncomingPost> posts = posts("pet_atom.xml", 10);

    IncomingPost newest = posts.getLast();
    assertThat(newest.content().nativeId())
        .isEqualTo("tag:typepad.com,2003:post-6a010535222d03970c017d3f3c659c970c");
    assertThat(newest.content().title()).isEqualTo("Sentry Calming Collar for dogs");
    assertThat(newest.content().author()).isEqualTo("dogtime");
    assertThat(newest.content().tags()).containsExactly("Dogs", "Pet Supplies", "Pets", "Reviews");
    assertThat(newest.content().text())
        .startsWith("With all of our kids home for the holidays our house has turned in to")
        .doesNotContain("<");
    assertThat(newest.publishedAt()).isEqualTo("2012-12-27T18:32:37Z");
  }

  @Test
  void readsARssFeedBehindAnAtomName() throws Exception {
    List<IncomingPost> posts = posts("slickdeals.atom", 79);

    IncomingPost newest = posts.getLast();
    assertThat(newest.content().title())
        .isEqualTo(
            "PC Games: Tomb Raider: Game of the Year $6, Hitman Absolution: Elite Edition $5 &"
                + " More");
    assertThat(newest.content().nativeId())
        .isEqualTo(
            "http://feedproxy.google.com/~r/SlickdealsnetFP/~3/tojFMKcc-zM/green-man-gaming---pc-games-tomb-raider-game-of-the-year-6-hitman-absolution-elite-edition")
        .isEqualTo(newest.content().url());
    assertThat(newest.content().text()).isNull();
    assertThat(newest.content().lang()).isEqualTo("en-us");
    assertThat(newest.publishedAt()).isEqualTo("2014-09-13T18:13:44Z");
  }

  @Test
  void readsARssFeedWithFullContent() throws Exception {
    List<IncomingPost> posts = posts("techcrunch.xml", 20);

    IncomingPost newest = posts.getLast();
    assertThat(newest.content().nativeId()).isEqualTo("http://techcrunch.com/?p=446154");
    assertThat(newest.content().url())
        .isEqualTo("http://feedproxy.google.com/~r/Techcrunch/~3/kTeeGj4FnwU/");
    assertThat(newest.content().title())
        .isEqualTo(
            "Angie’s List Sets Price Range IPO At $11 To $13 Per Share; Valued At Over $600M");
    assertThat(newest.content().author()).isEqualTo("Leena Rao");
    assertThat(newest.content().lang()).isEqualTo("en");
    assertThat(newest.content().text())
        .startsWith("Angie’s List, which offers consumers a way to review")
        .contains("As of September 30, 2011, the company offered its service");
    assertThat(newest.publishedAt()).isEqualTo("2011-11-02T17:25:27Z");
  }

  @Test
  void readsAVideoFeedWithItsFigures() throws Exception {
    List<IncomingPost> posts = posts("youtube_atom.xml", 15);

    IncomingPost newest = posts.getLast();
    assertThat(newest.content().nativeId()).isEqualTo("yt:video:5shykyfmb28");
    assertThat(newest.content().title()).isEqualTo("The Google app: Questions Title");
    assertThat(newest.content().url()).isEqualTo("http://www.youtube.com/watch?v=5shykyfmb28");
    assertThat(newest.content().author()).isEqualTo("Google");
    assertThat(newest.content().text())
        .startsWith("A question is the most powerful force in the world.");
    assertThat(newest.engagement()).isEqualTo(new Engagement(3546, 0, 0, 251_497));
    assertThat(newest.publishedAt()).isEqualTo("2015-05-04T00:01:27Z");
  }

  @Test
  void readsLatin1() throws Exception {
    IncomingPost post = posts("iso-8859-1.rss", 1).getFirst();

    assertThat(post.content().title()).isEqualTo("Mëkanïk Zaïn");
    assertThat(post.content().nativeId()).isEqualTo("http://example.net/post/1");
    assertThat(post.publishedAt()).isEqualTo("2016-11-21T16:00:10Z");
  }

  @Test
  void readsAFeedThatNeverCloses() throws Exception {
    List<IncomingPost> posts = posts("invalid_dates.xml", 2);

    assertThat(posts)
        .extracting(post -> post.content().title())
        .containsExactly("Item 0 with an invalid date", "Item 1 with all valid dates");
    assertThat(posts)
        .extracting(post -> post.content().nativeId())
        .containsExactly("http://example.com/item0", "http://example.com/item1");
    assertThat(posts)
        .extracting(IncomingPost::publishedAt)
        .containsExactly(
            Instant.parse("2017-10-16T15:10:00Z"), Instant.parse("2017-10-17T12:17:00Z"));
  }

  private static List<IncomingPost> posts(String name, int expected) throws Exception {
    FeedParser.Parsed parsed =
        new FeedParser(URI.create("http://example.org/feed"), "source-1", NOW)
            .parse(Shared.bytes("recordings/feeds/" + name), null);
    assertThat(parsed.rejected()).isEmpty();
    assertThat(parsed.posts()).hasSize(expected);
    assertThat(new HashSet<>(parsed.posts().stream().map(p -> p.content().nativeId()).toList()))
        .hasSize(expected);
    assertThat(parsed.posts())
        .allSatisfy(
            post -> {
              assertThat(post.content().platform()).isEqualTo("feed");
              assertThat(post.source()).isEqualTo("source-1");
              assertThat(post.errors()).isEmpty();
            });
    return parsed.posts();
  }
}
