package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.source.Sources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Sources in memory. */
public final class FakeSources implements Sources {
  private static final Instant THEN = Instant.parse("2026-10-01T00:00:00Z");

  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, Source.Credentials> secrets = new LinkedHashMap<>();
  private final List<String> visits = new ArrayList<>();

  public Source.Credentials secrets(String id) {
    return secrets.getOrDefault(id, Source.Credentials.NONE);
  }

  public List<String> visits() {
    return visits;
  }

  @Override
  public Usual usual(String kind) {
    return new Usual(new Schedule.Every(Duration.ofMinutes(5)), 5);
  }

  @Override
  public void check(Source.Spec spec, Source.Credentials credentials) {
    if (!List.of("feed", "hackernews").contains(spec.kind())) {
      throw PulsegridException.invalid("kind", "is not known; known are feed, hackernews");
    }
  }

  @Override
  public synchronized Source create(
      WorkspaceId workspace, Source.Spec spec, Source.Credentials credentials) {
    String id = "s" + (sources.size() + 1);
    secrets.put(id, credentials);
    return put(new Source(id, workspace, spec, Source.Position.START, Source.Health.NEW, 1, THEN));
  }

  @Override
  public synchronized Optional<Source> find(WorkspaceId workspace, String id) {
    return Optional.ofNullable(sources.get(id)).filter(s -> s.workspace().equals(workspace));
  }

  @Override
  public synchronized Page<Source> list(WorkspaceId workspace, PageRequest page) {
    return Cut.of(
        sources.values().stream().filter(s -> s.workspace().equals(workspace)).toList(), page);
  }

  @Override
  public synchronized Source update(
      WorkspaceId workspace,
      String id,
      Source.Spec spec,
      Source.@Nullable Credentials credentials,
      OptionalLong expectedVersion) {
    if (credentials != null) {
      secrets.put(id, credentials);
    }
    Source old = known(workspace, id, expectedVersion);
    return put(
        new Source(
            id, workspace, spec, old.position(), old.health(), old.version() + 1, old.createdAt()));
  }

  @Override
  public synchronized void delete(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    known(workspace, id, expectedVersion);
    sources.remove(id);
  }

  @Override
  public void collectNow(WorkspaceId workspace, String id) {
    visits.add(id);
  }

  private Source known(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    Source found = find(workspace, id).orElseThrow(() -> PulsegridException.notFound("source", id));
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != found.version()) {
      throw PulsegridException.of(FailureCode.STALE, "the source has changed");
    }
    return found;
  }

  private Source put(Source source) {
    sources.put(source.id(), source);
    return source;
  }
}
