package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakeChannels;
import io.pulsegrid.api.fake.FakePosts;
import io.pulsegrid.api.fake.FakePublishing;
import io.pulsegrid.api.fake.FakeTelling;
import io.pulsegrid.api.fake.FakeTrends;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.time.When;
import io.pulsegrid.core.trend.Trend;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class PagesTest extends FrontTest {
  @Autowired FakeTrends trends;
  @Autowired FakePosts posts;
  @Autowired FakePublishing ledger;
  @Autowired FakeChannels channels;
  @Autowired FakeTelling telling;

  private String delivery(DeliveryState state) {
    String id =
        ledger
            .schedule(
                WorkspaceId.DEFAULT,
                new ScheduledPost.Draft(
                    "Said <b>loudly</b>",
                    List.of("c1"),
                    new When.Now(),
                    Map.of(),
                    5,
                    Duration.ofHours(1)))
            .deliveries()
            .getFirst()
            .id();
    ledger.move(
        id,
        state,
        new Delivery.Result("9", "javascript:alert(1)", "422: too long for the platform"));
    return id;
  }

  @Test
  void asksStrangersForAKey() {
    Http.Answer answer = nobody.get("/", "Accept", HTML);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains("action=\"/sign-in\"").doesNotContain("id=\"live\"");
    assertThat(nobody.get("/search?q=a", "Accept", HTML).status()).isEqualTo(302);
    Http.Answer live = nobody.get("/live", "HX-Request", "true");
    assertThat(live.status()).isEqualTo(401);
    assertThat(live.header("HX-Redirect")).isEqualTo("/");
  }

  @Test
  void keepsTheKeyWhereNoScriptOrOtherSiteCanUseIt() {
    Http.Answer entered = submit("/sign-in", "key=+pg_read+", "");
    assertThat(entered.status()).isEqualTo(302);
    String cookie =
        entered.response().headers().allValues("Set-Cookie").stream()
            .filter(one -> one.startsWith("pulsegrid="))
            .findFirst()
            .orElseThrow();
    assertThat(cookie).contains("pulsegrid=pg_read", "HttpOnly", "SameSite=Strict", "Path=/");
    assertThat(cookie).doesNotContain("Max-Age", "Expires");
    assertThat(nobody.get("/api/v1/queue", "Cookie", "pulsegrid=pg_admin").status()).isEqualTo(401);
  }

  @Test
  void refusesAWrongKeyAndForgedForms() {
    Http.Answer wrong = submit("/sign-in", "key=pg_wrong", "");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.text()).contains("not known here").doesNotContain("pg_wrong");
    Http.Answer forged =
        nobody.send(
            "POST",
            "/sign-in",
            BodyPublishers.ofString("key=pg_read"),
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(forged.status()).isEqualTo(403);
    assertThat(forged.response().headers().allValues("Set-Cookie"))
        .noneMatch(one -> one.startsWith("pulsegrid="));
  }

  @Test
  void forgetsTheKeyOnSigningOut() {
    Http.Answer left = submit("/sign-out", "", "pg_read");
    assertThat(left.response().headers().allValues("Set-Cookie"))
        .anyMatch(one -> one.startsWith("pulsegrid=;") && one.contains("Max-Age=0"));
  }

  @Test
  void guardsItsPages() {
    Http.Answer answer = page("/", "pg_read");
    assertThat(answer.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("same-origin");
    assertThat(answer.text()).doesNotContainPattern("<script(?![^>]*src)|\\sstyle=|\\son[a-z]+=");
  }

  @Test
  void servesItsOwnAssets() {
    Matcher asset =
        Pattern.compile("(?:href|src)=\"(/(?:assets|webjars)/[^\"]+)\"")
            .matcher(nobody.get("/", "Accept", HTML).text());
    int found = 0;
    while (asset.find()) {
      assertThat(nobody.get(asset.group(1)).status()).as(asset.group(1)).isEqualTo(200);
      found++;
    }
    assertThat(found).isGreaterThanOrEqualTo(4);
  }

  @Test
  void showsWhatIsGoingOn() {
    // All tests share one front: the page names only the first few of what is due.
    long _ = ledger.cancelAll(WorkspaceId.DEFAULT, DeliveryState.SCHEDULED, null);
    Trend trend = Samples.trend(WorkspaceId.DEFAULT, "Trains <run> late", 900, 30);
    trends.add(trend);
    posts.add(Samples.post(WorkspaceId.DEFAULT, "train1", "Trains run late again", trend.id()));
    String failed = delivery(DeliveryState.FAILED);
    String waiting = delivery(DeliveryState.SCHEDULED);
    for (String path : List.of("/", "/live")) {
      String html = page(path, "pg_read").text();
      assertThat(html)
          .contains("Trains &lt;run&gt; late")
          .contains("/trends/" + trend.id())
          .contains("/deliveries/" + failed)
          .contains("/deliveries/" + waiting)
          .contains("422: too long for the platform")
          .contains("Said &lt;b&gt;loudly&lt;/b&gt;")
          .contains("3f6c1f6e");
    }
    assertThat(page("/live", "pg_read").text()).startsWith("<div id=\"live\"");
    assertThat(page("/trends/" + trend.id(), "pg_read").text())
        .contains("Trains run late again", "took in another trend");
    assertThat(page("/search?q=trains", "pg_read").text()).contains("Trains run late again");
    assertThat(page("/search?q=%3Cscript%3E", "pg_read").text()).contains("Nothing matches");
  }

  @Test
  void leadsFromACopyToWhatItRepeats() {
    Trend trend = Samples.trend(WorkspaceId.DEFAULT, "Bells of the town", 5, 4);
    trends.add(trend);
    Post original = Samples.post(WorkspaceId.DEFAULT, "bell1", "Bells ring & ring", trend.id());
    posts.add(original);
    posts.add(
        Samples.copy(
            Samples.post(WorkspaceId.DEFAULT, "bell2", "Bells ring and ring", trend.id()),
            original));
    String copies = "/posts/" + original.id() + "/copies";

    assertThat(page("/trends/" + trend.id(), "pg_read").text())
        .contains("href=\"" + copies + "\">copy</a>");
    String html = page(copies, "pg_read").text();
    assertThat(html)
        .contains("<h1>Bells ring &amp; ring</h1>")
        .contains("Bells ring and ring")
        .contains("<dt>Likes</dt><dd>222</dd>")
        .contains("<dt>Copies</dt><dd>1</dd>")
        .doesNotContain(">copy</a>");
    assertThat(page("/posts/none/copies", "pg_read").status()).isEqualTo(404);
    assertThat(page(copies, "pg_other").status()).isEqualTo(404);
  }

  @Test
  void narrowsASearchByAClickAndTakesItBack() {
    Trend trend = Samples.trend(WorkspaceId.DEFAULT, "Boats in the bay", 5, 4);
    trends.add(trend);
    posts.add(Samples.post(WorkspaceId.DEFAULT, "boat1", "Boats & <sails>", trend.id()));
    String html = page("/search?q=boats", "pg_read").text();
    assertThat(html)
        .contains("<em>boats</em> &amp; b")
        .contains("href=\"/search?q=boats&amp;platform=any\"")
        .contains("href=\"/search?q=boats&amp;tag=any\"");

    String narrowed =
        page("/search?q=boats&tag=a%26b&trend=" + trend.id() + "&unknown=1", "pg_read").text();
    SearchQuery asked = Objects.requireNonNull(posts.lastQuery());
    assertThat(asked.filter().tag()).isEqualTo("a&b");
    assertThat(asked.filter().trends()).containsExactly(trend.id());
    assertThat(asked.also().facets()).doesNotContain(Facet.TAG, Facet.TREND);
    assertThat(narrowed)
        .contains("Boats in the bay")
        .contains("href=\"/search?q=boats&amp;trend=" + trend.id() + "\"")
        .contains("href=\"/search?q=boats&amp;tag=a%26b\"")
        .contains(
            "href=\"/search?q=boats&amp;platform=any&amp;tag=a%26b&amp;trend=" + trend.id() + "\"")
        .doesNotContain("unknown=1");
    assertThat(page("/search?q=boats&trend=none", "pg_read").status()).isEqualTo(422);
  }

  @Test
  void showsADeliveryAndLetsThoseDecideWhoMay() {
    String id = delivery(DeliveryState.FAILED);
    String path = "/deliveries/" + id;
    assertThat(page(path, "pg_read").text())
        .contains("422: too long for the platform")
        .doesNotContain("javascript:")
        .doesNotContain("Send again now");
    assertThat(page(path, "pg_write").text()).contains("Send again now");
    assertThat(submit(path + "/retry", "", "pg_read").status()).isEqualTo(403);
    assertThat(submit(path + "/retry", "", "pg_write").status()).isEqualTo(302);
    assertThat(page(path, "pg_write").text()).contains("Cancel it", path + "/cancel");
    Http.Answer overtaken = submit(path + "/retry", "", "pg_write");
    assertThat(overtaken.status()).isEqualTo(409);
    assertThat(overtaken.text()).contains("Cancel it").doesNotContain("Send again now");
    assertThat(submit(path + "/forget", "", "pg_write").status()).isEqualTo(404);
  }

  @Test
  void showsTheStoryOfADeliveryWithWhoWroteIt() {
    String id = delivery(DeliveryState.UNCONFIRMED);
    ledger.attempted(
        id,
        new Attempt(
            1,
            FakePublishing.NOW,
            FakePublishing.NOW.plusSeconds(2),
            "node-17",
            4711,
            "ambiguous",
            502,
            "cut off",
            "asked later"));
    assertThat(page("/deliveries/" + id, "pg_read").text())
        .containsSubsequence(
            "ambiguous", "502", "2000", "node-17", "4711", "cut off", "asked later");
  }

  @Test
  void showsChannelsAndWebhooksThatWaitForAPersonUntilTheyDoNot() {
    telling.add(Samples.alert("a1", Alert.Kind.CHANNEL_PAUSED, FakePublishing.NOW));
    telling.add(Samples.alert("a2", Alert.Kind.WEBHOOK_PARKED, FakePublishing.NOW));
    telling.add(Samples.alert("a3", Alert.Kind.FAILED, FakePublishing.NOW));
    assertThat(page("/", "pg_read").text())
        .contains("@me on mastodon is paused: HTTP 422; it needs other credentials")
        .contains("resume the webhook once it answers")
        .doesNotContain("redrive it");
    assertThat(page("/", "pg_other").text()).contains("All is well");
    telling.clearAlerts();
    assertThat(page("/", "pg_read").text()).doesNotContain("is paused: HTTP 422");
  }

  @Test
  void tellsANewcomerWhatToDo() {
    String html = page("/", "pg_new").text();
    assertThat(html)
        .contains("Nothing is trending yet")
        .contains("/api/v1/sources")
        .contains("Nothing is scheduled")
        .contains("/api/v1/channels")
        .contains("All is well")
        .contains("http://127.0.0.1:" + port);
  }

  @Test
  void hidesOtherWorkspacesAndExplainsItself() {
    String id = delivery(DeliveryState.FAILED);
    Http.Answer answer = page("/deliveries/" + id, "pg_other");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).startsWith(HTML);
    assertThat(answer.text()).contains("Not found");
    assertThat(page("/nothing", "pg_read").status()).isEqualTo(404);
    assertThat(page("/trends/none", "pg_read").status()).isEqualTo(404);
  }
}
