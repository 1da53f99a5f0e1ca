package io.pulsegrid.node.wiring;

import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.publish.Connectors;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.AuthenticationCache;
import io.pulsegrid.node.access.ChannelRules;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.access.SecretFile;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.NetSettings;
import io.pulsegrid.node.store.access.Installation;
import io.pulsegrid.node.store.access.StoredAudit;
import io.pulsegrid.node.store.access.StoredIdempotency;
import io.pulsegrid.node.store.access.StoredKeys;
import io.pulsegrid.node.store.access.StoredWorkspaces;
import io.pulsegrid.node.store.channels.StoredAccounts;
import io.pulsegrid.node.store.channels.StoredChannels;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Keys, workspaces, idempotency and channels; what the first start makes. */
@Configuration(proxyBeanMethods = false)
class AccessWiring {
  @Bean
  SecureRandom secureRandom() {
    return new SecureRandom();
  }

  @Bean
  Installation installation(
      JdbcClient jdbc, TransactionTemplate transaction, SecureRandom secureRandom) {
    return new Installation(jdbc, transaction, secureRandom);
  }

  @Bean
  CredentialKey credentialKey(Installation installation, DirectorySettings directories) {
    return installation.credentialKey(CredentialKey.fileIn(directories.data()));
  }

  @Bean
  CredentialCipher credentialCipher(CredentialKey key, SecureRandom secureRandom) {
    return new CredentialCipher(key, secureRandom);
  }

  /** Questions about keys: each may wait for the store for as long as a connection takes. */
  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ExecutorService keyAsking() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("key-", 0).factory());
  }

  @Bean
  StoredKeys keys(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      InstantSource clock,
      IdSource ids,
      SecureRandom secureRandom,
      @Qualifier("keyAsking") ExecutorService keyAsking) {
    return new StoredKeys(
        jdbc, transaction, new AuthenticationCache(clock, keyAsking), ids, secureRandom);
  }

  @Bean
  StoredWorkspaces workspaces(JdbcClient jdbc) {
    return new StoredWorkspaces(jdbc);
  }

  @Bean
  StoredAudit audit(JdbcClient jdbc) {
    return new StoredAudit(jdbc);
  }

  @Bean
  StoredIdempotency idempotency(
      JdbcClient jdbc, TransactionTemplate transaction, CredentialCipher cipher) {
    return new StoredIdempotency(jdbc, transaction, cipher);
  }

  @Bean
  AddressPolicy addressPolicy(NetSettings settings) {
    return new AddressPolicy(settings.allowPrivate(), InetAddress::getAllByName);
  }

  @Bean
  ChannelRules channelRules(ObjectProvider<Connectors> connectors, AddressPolicy addressPolicy) {
    return new ChannelRules(
        connectors.stream().flatMap(all -> all.all().stream()).toList(),
        addressPolicy::refusal,
        new Clocks(System::nanoTime, InstantSource.system()));
  }

  @Bean
  StoredChannels channels(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      ChannelRules rules,
      CredentialCipher cipher,
      IdSource ids) {
    return new StoredChannels(jdbc, transaction, rules, cipher, ids);
  }

  @Bean
  StoredAccounts accounts(JdbcClient jdbc, CredentialCipher cipher) {
    return new StoredAccounts(jdbc, cipher);
  }

  /** The one sight of the first key: on standard output, after it stands in its file and store. */
  @Bean
  SmartInitializingSingleton firstKey(
      Installation installation, StoredKeys keys, DirectorySettings directories) {
    SecretFile file = new SecretFile(directories.data().resolve("admin.key"));
    return () ->
        installation
            .firstKey(keys, file)
            .ifPresent(
                token ->
                    System.out.printf(
                        "admin key (shown once, kept in %s): %s%n", file.path(), token.value()));
  }
}
