package io.pulsegrid.node.store.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.Audit;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.node.store.TestStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoredAuditTest {
  private static final WorkspaceId TEAM = WorkspaceId.DEFAULT;

  private final TestStore store = TestStore.fresh();
  private final StoredAudit audit = new StoredAudit(store.jdbc());

  @Test
  void anEntryStandsBeforeItsChangeAndHasItsOutcomeAfter() {
    long entry = audit.begin(change("POST", "/api/v1/channels"));
    assertThat(latest().status()).isNull();
    assertThat(latest().change()).isEqualTo(change("POST", "/api/v1/channels"));

    audit.end(entry, 201, "/api/v1/channels/c1");

    assertThat(latest().status()).isEqualTo(201);
    assertThat(latest().subject()).isEqualTo("/api/v1/channels/c1");
  }

  @Test
  void whatWasRefusedGoesAndWhatFailedStays() {
    audit.end(audit.begin(change("PUT", "/api/v1/a")), 422, "");
    assertThat(audit.list(TEAM, new PageRequest(10, null)).items()).isEmpty();

    audit.end(audit.begin(change("PUT", "/api/v1/b")), 503, "");
    assertThat(latest().status()).isEqualTo(503);
  }

  @Test
  void listsAWorkspacesOwnLatestFirstPageByPage() {
    for (int i = 0; i < 3; i++) {
      audit.begin(change("DELETE", "/api/v1/channels/" + i));
    }
    audit.begin(
        new Audit.Change("k", new WorkspaceId("others"), "192.0.2.9", "DELETE", "/api/v1/x"));

    Page<Audit.Entry> first = audit.list(TEAM, new PageRequest(2, null));
    Page<Audit.Entry> second = audit.list(TEAM, new PageRequest(2, first.next()));

    assertThat(first.items())
        .extracting(one -> one.change().path())
        .containsExactly("/api/v1/channels/2", "/api/v1/channels/1");
    assertThat(second.items())
        .extracting(one -> one.change().path())
        .containsExactly("/api/v1/channels/0");
    assertThat(second.next()).isNull();
  }

  @Test
  void forgetsWhatIsOld() {
    audit.begin(change("DELETE", "/api/v1/channels/c1"));
    assertThat(audit.forget(Duration.ofDays(1), 10)).isZero();

    store.jdbc().sql("UPDATE audit SET at = now() - interval '2 days'").update();

    assertThat(audit.forget(Duration.ofDays(1), 10)).isEqualTo(1);
  }

  private Audit.Entry latest() {
    return audit.list(TEAM, new PageRequest(1, null)).items().getFirst();
  }

  private static Audit.Change change(String method, String path) {
    return new Audit.Change("k", TEAM, "192.0.2.7", method, path);
  }
}
