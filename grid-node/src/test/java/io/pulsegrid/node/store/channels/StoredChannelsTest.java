package io.pulsegrid.node.store.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Publisher.Identity;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.node.access.ChannelRules;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.store.TestLedger;
import io.pulsegrid.node.store.TestStore;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class StoredChannelsTest {
  private static final WorkspaceId TEAM = WorkspaceId.DEFAULT;
  private static final WorkspaceId OTHERS = new WorkspaceId("others");
  private static final Channel.Credentials SECRET =
      new Channel.Credentials(Map.of("accessToken", "t-alice"));

  private final TestStore store = TestStore.fresh();
  private final Path data;
  private final StoredChannels channels;

  StoredChannelsTest(@TempDir Path data) {
    this.data = data;
    channels = channels(true);
  }

  @Test
  void aChannelComesBackAsItWasSaid() {
    Channel made = channels.create(TEAM, checked(spec("alice")), false);

    assertThat(channels.find(TEAM, made.id())).contains(made);
    assertThat(made.spec()).isEqualTo(spec("alice"));
    assertThat(made.version()).isEqualTo(1);
    assertThat(made.paused()).isFalse();
  }

  @Test
  void credentialsRestSealedAndOpenForTheDispatcher() {
    Channel made = channels.create(TEAM, checked(spec("alice")), false);

    byte[] sealed =
        store.jdbc().sql("SELECT credentials FROM channel").query(byte[].class).single();
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("alice");
    assertThat(channels.open(made.id(), sealed)).isEqualTo(SECRET);
    assertThat(channels.unlock(List.of(made.id(), "gone")))
        .containsExactly(Map.entry(made.id(), new ChannelSecrets.Unlocked(made, SECRET)));
  }

  @Test
  void anUnknownPlatformIsNamedWithThoseThatAreKnown() {
    Channel.Spec unknown =
        new Channel.Spec("myspace", "tom", spec("a").baseUrl(), ZoneId.of("UTC"), List.of());

    assertThatThrownBy(() -> channels.create(TEAM, checked(unknown), false))
        .satisfies(e -> assertThat(fields(e)).containsExactly("platform"))
        .hasMessageContaining("mastodon");
  }

  @Test
  void aBadChannelNamesEveryFieldAndLeavesNothing() {
    Channel.Spec bad =
        new Channel.Spec("mastodon", " ", URI.create("ftp://x"), ZoneId.of("UTC"), List.of());

    assertThatThrownBy(() -> channels.check(bad, new Channel.Credentials(Map.of())))
        .satisfies(
            e ->
                assertThat(fields(e))
                    .containsExactly("credentials.accessToken", "handle", "baseUrl"));
    assertThat(channels.list(TEAM, PageRequest.first()).items()).isEmpty();
  }

  @Test
  void aPrivateAddressIsRefusedWherePrivateOnesAreNotAllowed() {
    StoredChannels strict = channels(false);

    assertThatThrownBy(() -> strict.check(spec("alice"), SECRET))
        .satisfies(e -> assertThat(fields(e)).containsExactly("baseUrl"))
        .hasMessageContaining("private");
  }

  @Test
  void anAccountHasOneChannelWhateverTheWorkspace() {
    Channel made = channels.create(TEAM, channels.check(spec("alice"), SECRET), false);
    assertThat(made.account()).isEqualTo("t-alice");

    Channels.Checked again = channels.check(spec("bob"), SECRET);
    assertThatThrownBy(() -> channels.create(TEAM, again, false))
        .satisfies(e -> assertThat(fields(e)).containsExactly("credentials"))
        .hasMessageContaining(made.id());
    assertThatThrownBy(() -> channels.create(OTHERS, again, false))
        .satisfies(e -> assertThat(fields(e)).containsExactly("credentials"))
        .hasMessageNotContaining(made.id());
    assertThat(channels.list(TEAM, PageRequest.first()).items()).containsExactly(made);

    channels.delete(TEAM, made.id(), OptionalLong.empty());
    assertThat(channels.create(TEAM, again, false).account()).isEqualTo("t-alice");
  }

  @Test
  void refusedCredentialsMakeNoChannelAndChangeNone() {
    Channel.Credentials bad = new Channel.Credentials(Map.of("accessToken", "bad"));
    assertThatThrownBy(() -> channels.check(spec("alice"), bad))
        .satisfies(e -> assertThat(fields(e)).containsExactly("credentials"))
        .hasMessageContaining("mastodon")
        .hasMessageContaining("The access token is invalid");

    Channel made = channels.create(TEAM, channels.check(spec("alice"), SECRET), false);
    assertThatThrownBy(() -> update(made, made.spec(), bad, null))
        .satisfies(e -> assertThat(fields(e)).containsExactly("credentials"));
    assertThat(channels.unlock(List.of(made.id())))
        .containsEntry(made.id(), new ChannelSecrets.Unlocked(made, SECRET));
  }

  @Test
  void anAddressIsMendedThoughTheCredentialsAreRefused() {
    Channel made = channels.create(TEAM, channels.check(spec("alice"), SECRET), false);
    Channel.Credentials bad = new Channel.Credentials(Map.of("accessToken", "bad"));
    store
        .jdbc()
        .sql("UPDATE channel SET credentials = ?")
        .param(channels.seal(made.id(), bad))
        .update();
    Channel moved = update(made, spec("bob"), null, null);
    assertThat(moved.spec().handle()).isEqualTo("bob");
    assertThat(moved.account()).isNull();
  }

  @Test
  void aChannelLeavesItsAccountOnlyWithNothingInDoubt() {
    Channel.Credentials bobs = new Channel.Credentials(Map.of("accessToken", "t-bob"));
    Channel alice = channels.create(TEAM, channels.check(spec("alice"), SECRET), false);
    String doubtful = new TestLedger(store).delivery(alice.id(), "UNCONFIRMED");
    assertThatThrownBy(() -> update(alice, alice.spec(), bobs, null))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.CONFLICT))
        .hasMessageContaining("another account");
    // To be sent again under a key that the account before has used.
    store.jdbc().sql("UPDATE delivery SET state = 'RETRY', doubt_since = now()").update();
    assertThatThrownBy(() -> update(alice, alice.spec(), bobs, null))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.CONFLICT));
    store.jdbc().sql("UPDATE delivery SET state = 'FAILED' WHERE id = ?").param(doubtful).update();
    assertThat(update(alice, alice.spec(), bobs, null).account()).isEqualTo("t-bob");

    Channel unasked = channels.create(TEAM, checked(spec("bob")), true);
    assertThatThrownBy(() -> update(unasked, unasked.spec(), bobs, null))
        .satisfies(e -> assertThat(fields(e)).containsExactly("credentials"))
        .hasMessageContaining(alice.id());
    Channel freed = update(unasked, unasked.spec(), null, false);
    assertThat(freed.account()).isEqualTo("t-alice");
    assertThat(freed.paused()).isFalse();
    assertThat(update(freed, spec("bobby"), null, null).account()).isEqualTo("t-alice");
  }

  @Test
  void ofAChannelThatWasNeverIdentifiedOnlyTheCredentialsTellThatItIsTheSame() {
    Channel unasked = channels.create(TEAM, checked(spec("bob")), true);
    String doubtful = new TestLedger(store).delivery(unasked.id(), "UNCONFIRMED");
    Channel.Credentials others = new Channel.Credentials(Map.of("accessToken", "t-bob"));
    assertThatThrownBy(() -> update(unasked, unasked.spec(), others, null))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.CONFLICT))
        .hasMessageContaining("does not say");

    Channel resumed = update(unasked, unasked.spec(), null, false);
    assertThat(resumed.account()).isEqualTo("t-alice");
    assertThat(update(resumed, resumed.spec(), SECRET, null).account()).isEqualTo("t-alice");
    store.jdbc().sql("UPDATE delivery SET state = 'FAILED' WHERE id = ?").param(doubtful).update();
    assertThat(update(resumed, resumed.spec(), others, null).account()).isEqualTo("t-bob");
  }

  @Test
  void credentialsSealedWithAnotherKeyAreReplacedByNewOnes() {
    Channel made = channels.create(TEAM, channels.check(spec("alice"), SECRET), true);
    store.jdbc().sql("UPDATE channel SET credentials = 'of another key'").update();
    Channel renewed = update(made, made.spec(), SECRET, null);
    assertThat(renewed.paused()).isFalse();
    assertThat(channels.unlock(List.of(made.id())))
        .containsEntry(made.id(), new ChannelSecrets.Unlocked(renewed, SECRET));
  }

  @Test
  void aStaleChangeAsksNobody() {
    Channel made = channels.create(TEAM, channels.check(spec("alice"), SECRET), false);
    Channel.Credentials bad = new Channel.Credentials(Map.of("accessToken", "bad"));
    assertThatThrownBy(
            () -> channels.update(TEAM, made.id(), made.spec(), bad, null, OptionalLong.of(7)))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.STALE));
  }

  private Channel update(
      Channel channel,
      Channel.Spec spec,
      Channel.@Nullable Credentials credentials,
      @Nullable Boolean paused) {
    return channels.update(
        channel.workspace(), channel.id(), spec, credentials, paused, OptionalLong.empty());
  }

  @Test
  void anUpdateKeepsCredentialsThatAreNotGiven() {
    Channel made = channels.create(TEAM, checked(spec("alice")), false);

    Channel changed = channels.update(TEAM, made.id(), spec("bob"), null, true, OptionalLong.of(1));

    assertThat(changed.spec().handle()).isEqualTo("bob");
    assertThat(changed.paused()).isTrue();
    assertThat(changed.version()).isEqualTo(2);
    assertThat(channels.unlock(List.of(made.id())))
        .containsEntry(made.id(), new ChannelSecrets.Unlocked(changed, SECRET));
  }

  @Test
  void aStaleUpdateChangesNothing() {
    Channel made = channels.create(TEAM, checked(spec("alice")), false);
    channels.update(TEAM, made.id(), spec("bob"), null, false, OptionalLong.empty());

    assertThatThrownBy(
            () -> channels.update(TEAM, made.id(), spec("eve"), null, false, OptionalLong.of(1)))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.STALE));
    assertThat(channels.find(TEAM, made.id()).orElseThrow().spec().handle()).isEqualTo("bob");
  }

  @Test
  void aChannelStaysOnItsPlatform() {
    Channel made = channels.create(TEAM, checked(spec("alice")), false);
    Channel.Spec moved =
        new Channel.Spec(
            "elsewhere", "alice", made.spec().baseUrl(), made.spec().zone(), List.of());

    assertThatThrownBy(
            () -> channels.update(TEAM, made.id(), moved, SECRET, null, OptionalLong.empty()))
        .satisfies(e -> assertThat(fields(e)).containsExactly("platform"))
        .hasMessageContaining("cannot change from mastodon");
    assertThat(channels.find(TEAM, made.id())).contains(made);
  }

  @Test
  void newCredentialsEndAPauseThatNobodyAsksFor() {
    Channel made = channels.create(TEAM, checked(spec("alice")), true);

    Channel renamed =
        channels.update(TEAM, made.id(), spec("bob"), null, null, OptionalLong.empty());
    assertThat(renamed.paused()).isTrue();
    Channel held = channels.update(TEAM, made.id(), spec("bob"), SECRET, true, OptionalLong.of(2));
    assertThat(held.paused()).isTrue();
    Channel renewed =
        channels.update(TEAM, made.id(), spec("bob"), SECRET, null, OptionalLong.of(3));
    assertThat(renewed.paused()).isFalse();
  }

  @Test
  void aStaleDeleteRemovesNothing() {
    Channel made = channels.create(TEAM, checked(spec("alice")), false);
    channels.update(TEAM, made.id(), spec("bob"), null, null, OptionalLong.empty());

    assertThatThrownBy(() -> channels.delete(TEAM, made.id(), OptionalLong.of(1)))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.STALE));
    assertThat(channels.find(TEAM, made.id())).isPresent();
  }

  @Test
  void namesAreResolvedOutsideOfAnyTransaction() {
    List<Boolean> within = new ArrayList<>();
    StoredChannels watched =
        channels(
            _ -> {
              within.add(TransactionSynchronizationManager.isActualTransactionActive());
              return Optional.empty();
            });
    watched.check(spec("alice"), SECRET);
    Channel made =
        store.transaction().execute(_ -> watched.create(TEAM, checked(spec("alice")), false));
    watched.update(
        TEAM, Objects.requireNonNull(made).id(), spec("bob"), null, null, OptionalLong.empty());

    assertThat(within).containsExactly(false, false);
  }

  @Test
  void anotherWorkspaceSeesAndChangesNothing() {
    Channel made = channels.create(TEAM, checked(spec("alice")), false);

    assertThat(channels.find(OTHERS, made.id())).isEmpty();
    assertThat(channels.list(OTHERS, PageRequest.first()).items()).isEmpty();
    assertThatThrownBy(
            () ->
                channels.update(OTHERS, made.id(), spec("eve"), null, false, OptionalLong.empty()))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.NOT_FOUND));
    assertThatThrownBy(() -> channels.delete(OTHERS, made.id(), OptionalLong.empty()))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.NOT_FOUND));
  }

  @Test
  void channelsAreListedOldestFirstPageByPage() {
    for (String handle : List.of("a", "b", "c")) {
      channels.create(TEAM, checked(spec(handle)), false);
    }

    var first = channels.list(TEAM, new PageRequest(2, null));
    var second = channels.list(TEAM, new PageRequest(2, first.next()));

    assertThat(first.items()).extracting(it -> it.spec().handle()).containsExactly("a", "b");
    assertThat(second.items()).extracting(it -> it.spec().handle()).containsExactly("c");
    assertThat(second.next()).isNull();
  }

  @Test
  void aChannelGoesOnlyOnceNothingWaitsOnIt() {
    Channel made = channels.create(TEAM, checked(spec("alice")), false);
    TestLedger ledger = new TestLedger(store);
    ledger.delivery(made.id(), "PUBLISHED");
    String waiting = ledger.delivery(made.id(), "UNCONFIRMED");

    assertThatThrownBy(() -> channels.delete(TEAM, made.id(), OptionalLong.empty()))
        .hasMessageContaining("has a delivery that has not ended; cancel or settle it first")
        .hasMessageContaining("deliveries?channel=" + made.id() + "&state=UNCONFIRMED")
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.CONFLICT));

    store.jdbc().sql("UPDATE delivery SET state = 'FAILED' WHERE id = ?").param(waiting).update();
    channels.delete(TEAM, made.id(), OptionalLong.empty());
    assertThat(channels.find(TEAM, made.id())).isEmpty();
  }

  private StoredChannels channels(boolean allowPrivate) {
    return channels(new AddressPolicy(allowPrivate, InetAddress::getAllByName)::refusal);
  }

  private StoredChannels channels(ChannelRules.Addresses addresses) {
    SecureRandom random = new SecureRandom();
    CredentialKey key = CredentialKey.readOrCreate(CredentialKey.fileIn(data), random);
    return new StoredChannels(
        store.jdbc(),
        store.transaction(),
        new ChannelRules(
            List.of(new NeedsToken("mastodon"), new NeedsToken("elsewhere")),
            addresses,
            new Clocks(System::nanoTime, InstantSource.system())),
        new CredentialCipher(key, random),
        store.ids());
  }

  private static Channel.Spec spec(String handle) {
    return new Channel.Spec(
        "mastodon",
        handle,
        URI.create("http://127.0.0.1:9400/mastodon"),
        ZoneId.of("Europe/Paris"),
        List.of(
            new Channel.Slot(DayOfWeek.MONDAY, LocalTime.of(9, 0)),
            new Channel.Slot(DayOfWeek.SUNDAY, LocalTime.of(23, 59, 30))));
  }

  /** Not asked about: nobody says whose account it is. */
  private static Channels.Checked checked(Channel.Spec spec) {
    return new Channels.Checked(spec, SECRET, new Identity.Unknown("not asked"));
  }

  private static List<String> fields(Throwable e) {
    return ((PulsegridException) e).errors().stream().map(FieldError::field).toList();
  }

  private static FailureCode code(Throwable e) {
    return ((PulsegridException) e).code();
  }

  /** A platform that asks for a token and is never called here. */
  private record NeedsToken(String platform) implements Publisher {
    @Override
    public List<FieldError> check(Channel.Spec spec, Channel.Credentials credentials) {
      return credentials.values().containsKey("accessToken")
          ? List.of()
          : List.of(new FieldError("credentials.accessToken", "must be given"));
    }

    @Override
    public List<Measure> measure(Channel.Spec spec, String text) {
      return List.of();
    }

    @Override
    public List<FieldError> check(Channel.Spec spec, String text) {
      return List.of();
    }

    @Override
    public Identity identify(
        Channel.Spec spec, Channel.Credentials credentials, Deadline deadline) {
      return credentials.values().getOrDefault("accessToken", "").equals("bad")
          ? new Identity.Refused("The access token is invalid")
          : new Identity.Known(credentials.values().getOrDefault("accessToken", ""));
    }

    @Override
    public Answer publish(Call call) {
      return new Answer(new Outcome.Transient(0, "never called"), null);
    }

    @Override
    public Probe probe(Call call, Instant firstCallAt, Set<String> claimed) {
      return new Probe.Unknown("never called");
    }
  }
}
