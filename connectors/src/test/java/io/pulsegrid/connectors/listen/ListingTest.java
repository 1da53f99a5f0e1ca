package io.pulsegrid.connectors.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.TestWeb;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.RetryAfterLimits;
import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.MissingNode;

/** What is read of a list that changes between visits, in pages of ten. */
class ListingTest {
  private static final Instant NOON = Instant.parse("2026-05-12T12:00:00Z");
  private static final URI FIRST = URI.create("https://list.example/posts");
  private static final int PAGE = 10;

  /** The newest first. */
  private final List<String> list = new ArrayList<>();

  private final List<URI> asked = new ArrayList<>();
  private final Set<String> read = new HashSet<>();
  private Predicate<URI> refuses = _ -> false;
  private int refusal = 403;
  private String gone = "";
  private Source.Position position = Source.Position.START;
  private int next;

  @Test
  void catchesUpAndReadsTheNewestMeanwhile() throws Stopped {
    add(PAGE);
    visit();
    add(103);
    visit();
    assertThat(asked).hasSize(5);
    add(3);
    assertThat(visit()).as("the newest come first").contains(list.getFirst());
    visit();
    visit();
    assertThat(read).containsAll(list);
    visit();
    assertThat(asked).as("nothing is open any more").hasSize(1);
  }

  @Test
  void readsTheNewestWhileWhatIsOpenCannotBeRead() throws Stopped {
    add(PAGE);
    visit();
    add(80);
    visit();
    refuses = url -> url.getQuery() != null;
    for (int i = 0; i < 3; i++) {
      add(2);
      assertThat(visit()).contains(list.get(0), list.get(1));
    }
    refuses = _ -> false;
    visit();
    visit();
    assertThat(read).containsAll(list);
  }

  @Test
  void seeksAPlaceThatIsForgottenFromTheTop() throws Stopped {
    add(PAGE);
    visit();
    add(70);
    visit();
    refuses = url -> url.getQuery() != null;
    refusal = 400;
    visit();
    refuses = _ -> false;
    for (int i = 0; i < 3; i++) {
      visit();
    }
    assertThat(read).containsAll(list);
  }

  @Test
  void seeksAPlaceThatShowsNothingFromTheTop() throws Stopped {
    add(PAGE);
    visit();
    add(70);
    visit();
    // The post after which it was to go on is deleted: its platform shows an empty page.
    gone = list.get(5 * PAGE - 1);
    visit();
    gone = "";
    for (int i = 0; i < 3; i++) {
      visit();
    }
    assertThat(read).containsAll(list);
  }

  @Test
  void readsNoArchiveBehindWhatIsKnown() throws Stopped {
    add(10_000);
    visit();
    add(3);
    for (int i = 0; i < 4; i++) {
      visit();
    }
    assertThat(asked).as("nothing is open any more").hasSize(1);
    add(35);
    for (int i = 0; i < 4; i++) {
      visit();
    }
    assertThat(asked).hasSize(1);
    assertThat(read).containsAll(list.subList(0, 38 + PAGE)).hasSizeLessThan(20 * PAGE);
  }

  @Test
  void whatIsNewBehindSomethingKnownIsReadToo() throws Stopped {
    add(PAGE);
    visit();
    String updated = list.removeFirst();
    add(4 * PAGE);
    list.addFirst(updated);
    visit();
    visit();
    assertThat(read).containsAll(list);
  }

  @Test
  void givesUpWhatHasNoEnd() throws Stopped {
    add(PAGE);
    visit();
    list.clear();
    add(10_000);
    for (int i = 0; i < 102; i++) {
      visit();
      assertThat(asked).hasSizeLessThanOrEqualTo(Listing.MOST_PAGES);
    }
    visit();
    assertThat(asked).hasSize(1);
  }

  @Test
  void givesUpAListThatLeadsBackToItself() throws Stopped {
    add(PAGE);
    visit();
    list.clear();
    add(PAGE);
    refuses = _ -> false;
    Listing listing = listing();
    listing.read(
        FIRST,
        new Listing.Pages() {
          @Override
          public Heard ask(URI url, Map<String, String> headers) {
            asked.add(url);
            return heard(200);
          }

          @Override
          public Listing.Page read(Heard heard, URI url) {
            return new Listing.Page(list.stream().map(ListingTest::entry).toList(), FIRST);
          }
        });
    assertThat(asked).hasSize(1);
  }

  @Test
  void whatIsNewAmongWhatIsKnownIsReadToItsEnd() throws Stopped {
    add(200);
    List<String> known = new ArrayList<>(list);
    // As a list by likes or by updates: known and new ones in turns.
    list.clear();
    list.addAll(known.subList(0, PAGE));
    visit();
    list.clear();
    for (int i = 0; i < 80; i++) {
      list.add(known.get(PAGE + i));
      if (i % 8 == 0) {
        list.add(known.get(i / 8));
      }
    }
    visit();
    visit();
    assertThat(read).containsAll(list);
  }

  @Test
  void aCursorHoldsNoPageThatIsTooLong() throws Stopped {
    add(PAGE);
    visit();
    next = 1_000_000;
    list.addAll(0, IntStream.range(0, 60).mapToObj(i -> i + "x".repeat(3_000)).toList());
    visit();
    assertThat(position.cursor()).hasSizeLessThan(20_000);
    visit();
    assertThat(asked).hasSize(1);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      list.addFirst("post-" + next++);
    }
  }

  /** Visits the list; the ids that it brought. */
  private Set<String> visit() throws Stopped {
    Result result = listing().read(FIRST, pages());
    assertThat(result).isInstanceOf(Result.Collected.class);
    Result.Collected collected = (Result.Collected) result;
    position = collected.next();
    Set<String> ids = CollectorContract.ids(collected.posts());
    read.addAll(ids);
    return ids;
  }

  private Listing listing() {
    asked.clear();
    Reach reach =
        new Reach(
            TestWeb.client(true),
            new RememberingQuota(() -> {}),
            _ -> new FetchLimits(Duration.ofSeconds(10), 1 << 20),
            InstantSource.fixed(NOON));
    Visit visit =
        new Visit(
            reach,
            new RetryAfterLimits(),
            new Visit.Party("test", "source-1", new Source.Credentials(Map.of()), false));
    return new Listing(visit, position);
  }

  private Listing.Pages pages() {
    return new Listing.Pages() {
      @Override
      public Heard ask(URI url, Map<String, String> headers) {
        asked.add(url);
        return heard(refuses.test(url) ? refusal : 200);
      }

      @Override
      public Listing.Page read(Heard heard, URI url) {
        String after = url.getQuery() == null ? "" : url.getQuery().substring(6);
        if (!gone.isEmpty() && after.equals(gone)) {
          return new Listing.Page(List.of(), null);
        }
        int from = list.indexOf(after) + 1;
        List<String> page = list.subList(from, Math.min(list.size(), from + PAGE));
        return new Listing.Page(
            page.stream().map(ListingTest::entry).toList(),
            page.size() < PAGE ? null : URI.create(FIRST + "?after=" + page.getLast()));
      }
    };
  }

  private static Heard heard(int status) {
    return new Heard(status, HttpHeaders.of(Map.of(), (_, _) -> true), MissingNode.getInstance());
  }

  private static Entry entry(String id) {
    return new Sketch("test", id).text(Optional.of("text of " + id)).of("source-1");
  }
}
