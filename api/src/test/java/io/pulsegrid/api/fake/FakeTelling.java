package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.telling.Webhooks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Alerts and webhooks in memory; nobody is called. */
public final class FakeTelling implements Alerts, Webhooks {
  private static final Instant THEN = Instant.parse("2026-10-01T00:00:00Z");

  private final List<Alert> alerts = new ArrayList<>();
  private final Map<String, Webhook> webhooks = new LinkedHashMap<>();
  private final Map<String, String> secrets = new LinkedHashMap<>();

  public synchronized void add(Alert alert) {
    alerts.add(alert);
  }

  /** Everything is over: for tests that share one front. */
  public synchronized void clearAlerts() {
    alerts.clear();
  }

  public synchronized @Nullable String secretOf(String webhook) {
    return secrets.get(webhook);
  }

  /** As if its address had not answered for long. */
  public synchronized void park(String webhook) {
    Webhook old = webhooks.get(webhook);
    if (old == null) {
      throw new IllegalArgumentException("no webhook " + webhook);
    }
    webhooks.put(
        webhook,
        new Webhook(
            webhook,
            old.workspace(),
            old.spec(),
            new Webhook.Standing(7, 3, THEN, "HTTP 503", THEN.plusSeconds(60)),
            old.createdAt()));
  }

  @Override
  public synchronized Page<Alert> list(WorkspaceId workspace, Filter filter, PageRequest page) {
    Instant since = filter.since();
    return Cut.of(
        alerts.stream()
            .filter(alert -> alert.workspace().equals(workspace))
            .filter(alert -> filter.kinds().isEmpty() || filter.kinds().contains(alert.kind()))
            .filter(alert -> since == null || !alert.at().isBefore(since))
            .filter(alert -> !filter.openOnly() || alert.overAt() == null)
            .sorted(Comparator.comparing(Alert::at).reversed())
            .toList(),
        page);
  }

  @Override
  public synchronized Page<Alert> after(
      WorkspaceId workspace, String subscription, String id, PageRequest page) {
    return Cut.of(
        alerts.stream()
            .filter(alert -> alert.workspace().equals(workspace))
            .filter(alert -> subscription.equals(alert.concerns().subscription()))
            .dropWhile(alert -> !alert.id().equals(id))
            .skip(1)
            .toList(),
        page);
  }

  @Override
  public void check(Webhook.Spec spec, @Nullable String secret) {
    if (secret != null && secret.length() < 24) {
      throw PulsegridException.invalid("secret", "must be 24 to 256 characters");
    }
    if (spec.url().getHost().equals("10.0.0.1")) {
      throw PulsegridException.invalid("url", "is at a private address");
    }
  }

  @Override
  public synchronized Webhook.Made create(
      WorkspaceId workspace, Webhook.Spec spec, @Nullable String secret) {
    String id = "w" + (webhooks.size() + 1);
    String made = secret == null ? "whsec_" + "A".repeat(32) : null;
    secrets.put(id, secret == null ? String.valueOf(made) : secret);
    Webhook webhook = new Webhook(id, workspace, spec, Webhook.Standing.NEW, THEN);
    webhooks.put(id, webhook);
    return new Webhook.Made(webhook, made);
  }

  @Override
  public synchronized Optional<Webhook> find(WorkspaceId workspace, String id) {
    return Optional.ofNullable(webhooks.get(id)).filter(w -> w.workspace().equals(workspace));
  }

  @Override
  public synchronized Page<Webhook> list(WorkspaceId workspace, PageRequest page) {
    return Cut.of(
        webhooks.values().stream().filter(w -> w.workspace().equals(workspace)).toList(), page);
  }

  @Override
  public synchronized Webhook resume(WorkspaceId workspace, String id) {
    Webhook old = known(workspace, id);
    Webhook.Standing was = old.standing();
    Webhook resumed =
        new Webhook(
            id,
            workspace,
            old.spec(),
            new Webhook.Standing(was.lastNumber(), was.waiting(), was.takenAt(), null, null),
            old.createdAt());
    webhooks.put(id, resumed);
    return resumed;
  }

  @Override
  public synchronized void delete(WorkspaceId workspace, String id) {
    webhooks.remove(known(workspace, id).id());
  }

  private Webhook known(WorkspaceId workspace, String id) {
    return find(workspace, id).orElseThrow(() -> PulsegridException.notFound("webhook", id));
  }
}
