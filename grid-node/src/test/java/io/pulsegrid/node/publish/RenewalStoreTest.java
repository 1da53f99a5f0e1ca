package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.node.store.ledger.RenewalStore;
import io.pulsegrid.node.store.ledger.RenewalStore.Claim;
import io.pulsegrid.node.store.ledger.SealedCredentials;
import io.pulsegrid.node.store.ledger.Sendable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RenewalStoreTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final LedgerFixture fixture = new LedgerFixture();
  private final RenewalStore store = fixture.ledger.renewals();
  private final String channel = fixture.channel();

  @Test
  void ofManyOneRenews() throws Exception {
    SealedCredentials used = armed("first").credentials();
    List<Claim> claims = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<Claim>> asked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        asked.add(threads.submit(() -> store.claim(channel, used, LEASE)));
      }
      for (Future<Claim> one : asked) {
        claims.add(one.get());
      }
    }
    assertThat(claims).containsOnly(Claim.OURS, Claim.OTHERS).containsOnlyOnce(Claim.OURS);

    assertThat(store.keep(channel, used, new SealedCredentials(bytes("new")), true, null)).isTrue();
    // Those whose calls were under way with the old one.
    assertThat(store.claim(channel, used, LEASE)).isEqualTo(Claim.DONE);
  }

  @Test
  void aNewOneThatIsRefusedBeforeAnythingWasPublishedIsInVain() {
    renew();
    Sendable second = armed("second");
    assertThat(store.claim(channel, second.credentials(), LEASE)).isEqualTo(Claim.IN_VAIN);

    fixture
        .ledger
        .settlements()
        .settle(
            List.of(
                fixture.decisions.called(
                    second.charge(),
                    new Outcome.Accepted("1", null, 200, "created"),
                    Instant.now())));
    assertThat(store.claim(channel, armed("third").credentials(), LEASE)).isEqualTo(Claim.OURS);
  }

  @Test
  void whatWasRenewedInTimeMayBeRenewedOnceMore() {
    SealedCredentials used = armed("first").credentials();
    assertThat(store.claim(channel, used, LEASE)).isEqualTo(Claim.OURS);
    assertThat(store.keep(channel, used, new SealedCredentials(bytes("new")), false, null))
        .isTrue();
    assertThat(store.claim(channel, armed("second").credentials(), LEASE)).isEqualTo(Claim.OURS);
  }

  @Test
  void afterAnHourItMayHaveEndedByItself() {
    renew();
    fixture.jdbc.update("UPDATE channel SET rescued_at = rescued_at - interval '61 minutes'");
    assertThat(store.claim(channel, armed("later").credentials(), LEASE)).isEqualTo(Claim.OURS);
  }

  @Test
  void aLeaseThatRanOutIsAnybodys() {
    SealedCredentials used = armed("first").credentials();
    assertThat(store.claim(channel, used, Duration.ZERO)).isEqualTo(Claim.OURS);
    assertThat(store.claim(channel, used, LEASE)).isEqualTo(Claim.OURS);
    store.letGo(channel, used, null);
    assertThat(store.claim(channel, used, LEASE)).isEqualTo(Claim.OURS);
  }

  @Test
  void whatAPersonGaveMeanwhileStays() {
    SealedCredentials used = armed("first").credentials();
    store.claim(channel, used, LEASE);
    fixture.jdbc.update("UPDATE channel SET credentials = ?", bytes("a person's"));

    assertThat(store.keep(channel, used, new SealedCredentials(bytes("renewed")), true, null))
        .isFalse();
    assertThat(fixture.jdbc.queryForObject("SELECT credentials FROM channel", byte[].class))
        .isEqualTo(bytes("a person's"));
  }

  @Test
  void whatIsDueIsGivenOutOnce() {
    fixture.jdbc.update("UPDATE channel SET renew_at = now()");
    assertThat(store.claimDue(LEASE)).map(RenewalStore.Due::channel).contains(channel);
    assertThat(store.claimDue(LEASE)).isEmpty();
  }

  @Test
  void whatIsGoneIsInVain() {
    SealedCredentials used = armed("first").credentials();
    fixture.jdbc.update("DELETE FROM channel");
    assertThat(store.claim(channel, used, LEASE)).isEqualTo(Claim.IN_VAIN);
  }

  private void renew() {
    SealedCredentials used = armed("first").credentials();
    assertThat(store.claim(channel, used, LEASE)).isEqualTo(Claim.OURS);
    assertThat(store.keep(channel, used, new SealedCredentials(bytes("new")), true, null)).isTrue();
  }

  private Sendable armed(String text) {
    Delivery delivery = fixture.due(channel, text);
    return fixture.arm(delivery);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
