package io.pulsegrid.node.grid.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.processor.EntryProcessor;
import org.apache.ignite.cache.query.IndexQueryCriteriaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostChangeTest {
  private static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static GridFixture grid;
  private static PostCaches here;
  private static PostCaches there;

  @BeforeAll
  static void startTwoNodes() {
    grid = GridFixture.of(2);
    here = PostCaches.open(grid.node(0), 1);
    there = PostCaches.open(grid.node(1), 1);
  }

  @AfterAll
  static void stop() {
    grid.close();
  }

  @Test
  void postsSurviveTheWayBetweenNodesWhole() {
    Map<String, EntryProcessor<String, PostWire, Integer>> takes = new LinkedHashMap<>();
    for (int i = 2000; i < 2500; i++) {
      takes.put(id(i).value(), new PostChange.Take(post(i, "text " + i, 1), i, 7));
    }
    here.posts().invokeAll(takes);
    for (int i = 2000; i < 2500; i++) {
      PostWire back = there.posts().get(id(i).value());
      assertThat(back.post(id(i)).content()).isEqualTo(post(i, "text " + i, 1).content());
      assertThat(back.sequence()).isEqualTo(i);
      assertThat(back.revision()).isGreaterThan(Revision.NONE);
      assertThat(back.dirty()).isTrue();
    }
  }

  @Test
  void theDirtyIndexOfEachNodeFindsItsOwnPrimariesOnly() {
    for (int i = 1000; i < 1100; i++) {
      here.posts().invoke(id(i).value(), new PostChange.Take(post(i, "words", 1), i, 1));
    }
    List<String> onBoth = new ArrayList<>();
    for (PostCaches caches : List.of(here, there)) {
      Map<String, PostWire> found =
          new IndexedQueue<>(caches.posts(), PostWire.class, "stage_sequence")
              .local(
                  200,
                  IndexQueryCriteriaBuilder.eq("stage", Stage.COLLECTED.rank()),
                  IndexQueryCriteriaBuilder.between("sequence", 1000L, 1099L));
      assertThat(found).isNotEmpty();
      assertThat(found.values()).extracting(PostWire::sequence).isSorted();
      onBoth.addAll(found.keySet());
    }
    assertThat(onBoth).hasSize(100).doesNotHaveDuplicates();
    assertThat(
            new IndexedQueue<>(here.posts(), PostWire.class, "stage_sequence")
                .local(7, IndexQueryCriteriaBuilder.eq("stage", Stage.COLLECTED.rank())))
        .as("a batch is no larger than asked for")
        .hasSize(7);
  }

  @Test
  void takingTheSameAgainChangesNothing() {
    String id = id(1).value();
    assertThat(here.posts().invoke(id, new PostChange.Take(post(1, "same", 1), 1, 1)))
        .isEqualTo(PostChange.CHANGED);
    assertThat(there.posts().invoke(id, new PostChange.Take(post(1, "same", 1), 2, 1)))
        .isEqualTo(PostChange.WAITING);
    here.posts().invoke(id, new PostChange.Stored(here.posts().get(id).revision()));
    assertThat(there.posts().invoke(id, new PostChange.Take(post(1, "same", 1), 3, 1)))
        .isEqualTo(PostChange.UNTOUCHED);
  }

  @Test
  void aPostWithoutADateKeepsTheTimeItFirstCame() {
    String id = id(5).value();
    here.posts().invoke(id, new PostChange.Take(post(5, "undated", 1), 50, 1));

    PostWire anHourLater = post(5, "undated", 1, NOON.plusSeconds(3600));
    assertThat(here.posts().invoke(id, new PostChange.Take(anHourLater, 51, 1)))
        .isEqualTo(PostChange.WAITING);

    PostWire reworded = post(5, "undated but mended", 1, NOON.plusSeconds(7200));
    here.posts().invoke(id, new PostChange.Take(reworded, 52, 1));
    assertThat(here.posts().get(id).post(id(5)).publishedAt()).isEqualTo(NOON);
  }

  @Test
  void aRewordedPostIsEmbeddedAndClusteredAgainWhileNewCountsAreNot() {
    String id = id(2).value();
    here.posts().invoke(id, new PostChange.Take(post(2, "before", 1), 10, 1));
    here.posts().invoke(id, new PostChange.Embedded(10, "f", null, 1));
    here.posts().invoke(id, new PostChange.Indexed(here.posts().get(id).revision()));
    here.posts().invoke(id, new PostChange.Clustered(10, id, null, true, 1, 1));
    assertThat(here.posts().get(id).stage()).isEqualTo(Stage.CLUSTERED);

    here.posts().invoke(id, new PostChange.Take(post(2, "before", 99), 11, 1));
    assertThat(here.posts().get(id).stage()).isEqualTo(Stage.CLUSTERED);
    assertThat(here.posts().get(id).stale()).isEqualTo(PostWire.Staleness.VALUES);

    here.posts().invoke(id, new PostChange.Take(post(2, "after", 99), 12, 1));
    assertThat(here.posts().get(id).stage()).isEqualTo(Stage.COLLECTED);
    assertThat(here.posts().get(id).sequence()).isEqualTo(12);
    assertThat(here.posts().invoke(id, new PostChange.Embedded(10, "f", null, 1)))
        .as("the vector of the old wording comes too late")
        .isEqualTo(PostChange.WAITING);
  }

  @Test
  void aRewordedPostStaysInItsTrendWhichHasCountedItWhereItStood() {
    String id = id(8).value();
    here.posts().invoke(id, new PostChange.Take(post(8, "before", 1), 60, 1));
    here.posts().invoke(id, new PostChange.Embedded(60, "f", null, 1));
    here.posts().invoke(id, new PostChange.Indexed(here.posts().get(id).revision()));
    assertThat(there.posts().get(id).counted()).isZero();
    here.posts().invoke(id, new PostChange.Clustered(60, id, null, true, 5, 1));
    assertThat(there.posts().get(id).counted()).isEqualTo(60);

    here.posts().invoke(id, new PostChange.Take(post(8, "after", 1), 61, 1));
    here.posts().invoke(id, new PostChange.Embedded(61, "f", null, 1));
    here.posts().invoke(id, new PostChange.Indexed(here.posts().get(id).revision()));
    assertThat(there.posts().get(id).trendId()).isEqualTo(id);
    here.posts().invoke(id, new PostChange.Clustered(61, id, null, false, 6, 1));
    assertThat(there.posts().get(id).stage()).isEqualTo(Stage.CLUSTERED);
    assertThat(there.posts().get(id).counted()).isEqualTo(60);
    assertThat(there.posts().get(id).countedBy()).isEqualTo(5);
  }

  @Test
  void aFlagIsClearedOnlyForTheRevisionThatWasStored() {
    String id = id(3).value();
    here.posts().invoke(id, new PostChange.Take(post(3, "one", 1), 20, 1));
    Revision first = here.posts().get(id).revision();
    here.posts().invoke(id, new PostChange.Take(post(3, "two", 1), 21, 1));
    here.posts().invoke(id, new PostChange.Stored(first));
    assertThat(there.posts().get(id).dirty()).isTrue();
  }

  @Test
  void theEpochIsThatOfTheNodeThatMakesTheChangeNotOfASenderThatIsBehind() {
    String id = id(4).value();
    long epoch = Stamp.inGrid(grid.node(0), 9).epoch();
    long before = epoch - 1;
    here.posts().invoke(id, new PostChange.Take(post(4, "one", 1), 30, before));
    assertThat(here.posts().get(id).revision().epoch()).isEqualTo(epoch);
    there.posts().invoke(id, new PostChange.Take(post(4, "two", 1), 31, before));
    assertThat(here.posts().get(id).revision().epoch()).isEqualTo(epoch);
  }

  @Test
  void whatIsTakenInAfterADeletionIsLaterThanIt() {
    String id = id(10).value();
    Revision deleted = new Revision(Stamp.inGrid(grid.node(0), 3).epoch() + 50, 7L << 20);
    here.posts().invoke(id, new PostChange.Take(post(10, "one", 1), 32, 3L << 24, deleted));
    assertThat(here.posts().get(id).revision()).isGreaterThan(deleted);
  }

  @Test
  void vectorsSurviveTheWayBetweenNodesAndAnEarlierOneReplacesNone() {
    String id = id(6).value();
    here.vectors().invoke(id, new VectorWire.Adopted(vector(5)));
    there.vectors().invoke(id, new VectorWire.Adopted(vector(4)));
    assertThat(here.vectors().get(id).sequence()).isEqualTo(5);
    assertThat(there.vectors().get(id).vector()).containsExactly(5, 0.5f);
    there.vectors().invoke(id, new VectorWire.Adopted(vector(6)));
    assertThat(here.vectors().get(id).sequence()).isEqualTo(6);
  }

  private static VectorWire vector(int sequence) {
    return VectorWire.of("m", new float[] {sequence, 0.5f}, sequence, false);
  }

  @Test
  void aPostIsPlacedByTheLatestWriterAlone() {
    String id = id(9).value();
    here.posts().invoke(id, new PostChange.Take(post(9, "one", 1), 30, 1));
    here.posts().invoke(id, new PostChange.Embedded(30, "f", null, 1));
    here.posts().invoke(id, new PostChange.Indexed(here.posts().get(id).revision()));
    here.posts().invoke(id, new PostChange.Clustered(30, "early", null, true, 5, 1));
    there.posts().invoke(id, new PostChange.Unclustered(30, 6));
    assertThat(here.posts().get(id).stage()).isEqualTo(Stage.INDEXED);

    here.posts().invoke(id, new PostChange.Clustered(30, "early", null, true, 5, 1));
    assertThat(there.posts().get(id).stage())
        .as("the writer of before has lost its office")
        .isEqualTo(Stage.INDEXED);
    there.posts().invoke(id, new PostChange.Clustered(30, "late", null, true, 6, 1));
    here.posts().invoke(id, new PostChange.Clustered(30, "early", null, true, 5, 1));
    here.posts().invoke(id, new PostChange.Unclustered(30, 5));
    assertThat(here.posts().get(id).trendId()).isEqualTo("late");
    assertThat(here.posts().get(id).stage()).isEqualTo(Stage.CLUSTERED);
  }

  @Test
  void aPostThatASplitTookAlongGoesAsItWasPlaced() {
    String id = id(7).value();
    here.posts().invoke(id, new PostChange.Take(post(7, "one", 1), 50, 1));
    there.posts().invoke(id, new PostSplit(50, "part", 5, 1));
    assertThat(here.posts().get(id).trendId()).as("it was never in a trend").isNull();
    here.posts().invoke(id, new PostChange.Embedded(50, "f", null, 1));
    here.posts().invoke(id, new PostChange.Indexed(here.posts().get(id).revision()));
    here.posts().invoke(id, new PostChange.Clustered(50, "whole", null, true, 5, 1));
    Revision placed = here.posts().get(id).revision();

    there.posts().invoke(id, new PostSplit(49, "part", 5, 1));
    assertThat(here.posts().get(id).trendId()).as("it was reworded since").isEqualTo("whole");
    there.posts().invoke(id, new PostSplit(50, "part", 4, 1));
    assertThat(here.posts().get(id).trendId()).as("of an office before").isEqualTo("whole");
    assertThat(there.posts().invoke(id, new PostSplit(50, "part", 6, 1)))
        .isEqualTo(PostChange.CHANGED);
    assertThat(here.posts().get(id).trendId()).isEqualTo("part");
    assertThat(here.posts().get(id).revision()).isGreaterThan(placed);
    Revision split = here.posts().get(id).revision();
    there.posts().invoke(id, new PostSplit(50, "part", 6, 1));
    assertThat(here.posts().get(id).revision()).as("once is enough").isEqualTo(split);
  }

  @Test
  void anIndexKnowsSinceWhenOnlyValuesHaveChanged() {
    String id = id(11).value();
    here.posts().invoke(id, new PostChange.Take(post(11, "one", 1), 40, 1));
    here.posts().invoke(id, new PostChange.Embedded(40, "f", null, 1));
    Revision embedded = there.posts().get(id).revision();
    here.posts().invoke(id, new PostChange.Indexed(embedded));
    here.posts().invoke(id, new PostChange.Take(post(11, "one", 9), 41, 1));
    here.posts().invoke(id, new PostChange.Clustered(40, id, null, true, 1, 1));
    assertThat(there.posts().get(id).wholeSince()).isEqualTo(embedded);
    assertThat(there.posts().get(id).revision()).isGreaterThan(embedded);

    here.posts().invoke(id, new PostChange.Reembedded(1));
    assertThat(there.posts().get(id).wholeSince()).isEqualTo(there.posts().get(id).revision());
  }

  @Test
  void theFirstComerIsTheFirstInOrderWhoeverLooksFirst() {
    assertThat(here.originals().invoke("print", new FirstComer("b", 7))).isEqualTo("b");
    assertThat(there.originals().invoke("print", new FirstComer("c", 9))).isEqualTo("b");
    assertThat(there.originals().invoke("print", new FirstComer("a", 3))).isEqualTo("a");
    assertThat(here.originals().invoke("print", new FirstComer("b", 7))).isEqualTo("a");
    assertThat(FirstComer.idOf(here.originals().get("print"))).isEqualTo("a");
  }

  private static PostId id(int number) {
    return PostId.of(WORKSPACE, "test", Integer.toString(number));
  }

  private static PostWire post(int number, String text, long likes) {
    return post(number, text, likes, NOON);
  }

  private static PostWire post(int number, String text, long likes, Instant arrival) {
    return PostWire.collected(
        WORKSPACE,
        new Content(
            "test",
            Integer.toString(number),
            "https://example.org/" + number,
            null,
            null,
            text,
            "en",
            null,
            List.of("a", "b")),
        new Engagement(likes, 0, 0, 0),
        arrival,
        arrival,
        null);
  }
}
