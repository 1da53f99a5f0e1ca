package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.Preview.Similar;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Previews of a world in which all goes out an hour later, and "again" was said before. */
public final class FakePreviews implements Preview.Previews {
  private static final Instant LATER = FakePublishing.NOW.plusSeconds(3_600);
  private static final Similar SAME =
      new Similar("d0", "c7", DeliveryState.PUBLISHED, FakePublishing.NOW, 1);

  @Override
  public Preview of(WorkspaceId workspace, List<ScheduledPost.Draft> drafts) {
    return new Preview(
        drafts.stream().map(FakePreviews::item).toList(), drafts.isEmpty() ? null : LATER);
  }

  @Override
  public Map<String, List<Similar>> repeated(List<ScheduledPost> posts) {
    return posts.stream()
        .filter(post -> post.draft().text().equals("again"))
        .collect(Collectors.toMap(ScheduledPost::id, _ -> List.of(SAME)));
  }

  private static Preview.Item item(ScheduledPost.Draft draft) {
    if (draft.text().length() > 500) {
      return new Preview.Item(List.of(new FieldError("text", "is too long")), List.of());
    }
    RateLimit limit =
        new RateLimit("channel:c7", "publish", Duration.ofHours(3), 300, 300, LATER, null, null);
    return new Preview.Item(
        List.of(),
        draft.channels().stream()
            .map(
                channel ->
                    new Preview.OnChannel(
                        channel,
                        "mastodon",
                        Resolved.of(new When.Now(), FakePublishing.NOW, ZoneOffset.UTC),
                        List.of(new Measure("", draft.text().length(), 500, "characters")),
                        LATER,
                        limit,
                        List.of(SAME)))
            .toList());
  }
}
