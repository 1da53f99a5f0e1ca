package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Target;
import io.pulsegrid.core.telling.Subscriptions;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.telling.Webhooks;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Subscriptions in memory; no trend is compared with them. */
public final class FakeSubscriptions implements Subscriptions {
  private static final Instant THEN = Instant.parse("2026-10-01T00:00:00Z");

  private final Webhooks webhooks;
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
  private int made;

  public FakeSubscriptions(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  @Override
  public void check(WorkspaceId workspace, Subscription.Spec spec) {
    if (spec.target() instanceof Target.Address(var url) && url.getHost().equals("10.0.0.1")) {
      throw PulsegridException.invalid("target", "is at a private address");
    }
    if (spec.target() instanceof Target.OfWebhook(var id)
        && webhooks.find(workspace, id).isEmpty()) {
      throw PulsegridException.invalid("target", "there is no webhook " + id);
    }
  }

  @Override
  public synchronized Subscription.Made create(WorkspaceId workspace, Subscription.Spec spec) {
    Webhook.@Nullable Made fresh =
        spec.target() instanceof Target.Address(var url)
            ? webhooks.create(workspace, new Webhook.Spec(url, Set.of()), null)
            : null;
    String webhook =
        fresh != null
            ? fresh.webhook().id()
            : spec.target() instanceof Target.OfWebhook(var id) ? id : null;
    made++;
    Subscription subscription = new Subscription("s" + made, workspace, spec, webhook, THEN);
    subscriptions.put(subscription.id(), subscription);
    return new Subscription.Made(subscription, fresh == null ? null : fresh.secret());
  }

  @Override
  public synchronized Optional<Subscription> find(WorkspaceId workspace, String id) {
    return Optional.ofNullable(subscriptions.get(id)).filter(s -> s.workspace().equals(workspace));
  }

  @Override
  public synchronized Page<Subscription> list(WorkspaceId workspace, PageRequest page) {
    return Cut.of(
        subscriptions.values().stream().filter(s -> s.workspace().equals(workspace)).toList(),
        page);
  }

  @Override
  public synchronized void delete(WorkspaceId workspace, String id) {
    if (find(workspace, id).isEmpty()) {
      throw PulsegridException.notFound("subscription", id);
    }
    subscriptions.remove(id);
  }
}
