package io.pulsegrid.api.publishing;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.ScheduledPost;
import java.util.List;
import java.util.Map;

/** What the authors of posts may not have meant, by post. */
record Warnings(Map<String, List<Preview.Similar>> repeated) {
  static Warnings about(Preview.Previews previews, List<ScheduledPost> posts) {
    return new Warnings(posts.isEmpty() ? Map.of() : previews.repeated(posts));
  }

  List<FieldError> of(ScheduledPost post) {
    return repeated.getOrDefault(post.id(), List.of()).stream()
        .map(
            one ->
                new FieldError(
                    "text",
                    "channel %s says the same in delivery %s, %s, at %s"
                        .formatted(one.channel(), one.delivery(), one.state(), one.at())))
        .toList();
  }
}
