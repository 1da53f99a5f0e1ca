package io.pulsegrid.node.grid.security;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.internal.GridKernalContext;
import org.apache.ignite.internal.IgniteNodeAttributes;
import org.apache.ignite.internal.processors.GridProcessorAdapter;
import org.apache.ignite.internal.processors.security.GridSecurityProcessor;
import org.apache.ignite.internal.processors.security.SecurityContext;
import org.apache.ignite.plugin.IgnitePlugin;
import org.apache.ignite.plugin.security.AuthenticationContext;
import org.apache.ignite.plugin.security.SecurityCredentials;
import org.apache.ignite.plugin.security.SecurityException;
import org.apache.ignite.plugin.security.SecurityPermission;
import org.apache.ignite.plugin.security.SecuritySubject;
import org.apache.ignite.plugin.security.SecuritySubjectType;
import org.jspecify.annotations.Nullable;

/**
 * Ignite's question to us before every operation: who is it, and may they. Nodes prove that they
 * hold the installation's credential key; programs come with an API key as their password.
 */
final class KeySecurity extends GridProcessorAdapter
    implements GridSecurityProcessor, IgnitePlugin {
  private static final String NODE = "node";

  private final Keys keys;
  private final String service;
  private final String joinSecret;
  private final List<String> shared;
  private final AdministratorIds administrators;
  private final Map<UUID, KeyContext> programs = new ConcurrentHashMap<>();

  /**
   * The security of one node.
   *
   * @param service the one service that programs may call
   * @param joinSecret what all nodes of the installation can work out, and nobody else
   * @param shared the attributes in which a node that belongs here equals this one
   */
  KeySecurity(
      GridKernalContext context,
      Keys keys,
      String service,
      String joinSecret,
      List<String> shared) {
    super(context);
    this.keys = keys;
    this.service = service;
    this.joinSecret = joinSecret;
    this.shared = List.copyOf(shared);
    this.administrators = new AdministratorIds(joinSecret);
  }

  @Override
  public void start() {
    ctx.addNodeAttribute(
        IgniteNodeAttributes.ATTR_SECURITY_CREDENTIALS, new SecurityCredentials(NODE, joinSecret));
  }

  @Override
  public @Nullable SecurityContext authenticateNode(
      ClusterNode node, @Nullable SecurityCredentials shown) {
    boolean proven = shown != null && sameSecret(String.valueOf(shown.getPassword()), joinSecret);
    // A node of another store or key cannot know the secret either. It is let on to the rules of
    // joining, which turn it away with a line that says what to mend.
    return !node.isClient() && (proven || isStranger(node)) ? KeyContext.ofNode(node.id()) : null;
  }

  private boolean isStranger(ClusterNode node) {
    ClusterNode own = ctx.discovery().localNode();
    return shared.stream()
        .anyMatch(name -> !Objects.equals(own.attribute(name), node.attribute(name)));
  }

  private static boolean sameSecret(String shown, String wanted) {
    return MessageDigest.isEqual(
        shown.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean isGlobalNodeAuthentication() {
    return false;
  }

  @Override
  public @Nullable SecurityContext authenticate(AuthenticationContext program) {
    Object password = program.credentials().getPassword();
    String key = password == null ? "" : password.toString();
    if (program.subjectType() != SecuritySubjectType.REMOTE_CLIENT || key.isEmpty()) {
      return null;
    }
    Caller caller = keys.authenticate(key).orElse(null);
    if (caller == null) {
      return null;
    }
    UUID given = program.subjectId();
    UUID id =
        Permits.administers(caller)
            ? administrators.of(ctx.localNodeId(), given.getLeastSignificantBits())
            : given;
    KeyContext known = KeyContext.ofProgram(id, caller.keyId(), program.address(), key);
    programs.put(known.id(), known);
    return known;
  }

  @Override
  public void authorize(@Nullable String name, SecurityPermission wanted, SecurityContext context) {
    if (!(context instanceof KeyContext known)
        || known.type() != SecuritySubjectType.REMOTE_CLIENT) {
      return;
    }
    if (wanted == SecurityPermission.SERVICE_INVOKE && service.equals(name)) {
      // It looks at the key of each call by itself, and can say why it refuses one.
      return;
    }
    if (known.administersElsewhere() && Permits.isAdministration(name, wanted)) {
      // The node that it called has asked for its key before it sent anything here.
      return;
    }
    // Looked up anew: a deleted key ends within seconds, on connections that are open as well.
    Caller caller = keys.authenticate(known.key()).orElse(null);
    if (caller == null || !Permits.allows(caller, name, wanted)) {
      throw new SecurityException(
          "the key " + known.login() + " may not " + wanted + (name == null ? "" : " " + name));
    }
  }

  /**
   * Null for nodes, which Ignite knows by itself. What a program asks of all nodes comes to those
   * that it did not call in its name too: an administrator is known there by his id, and whoever
   * else it is may do nothing. A message in an unknown name Ignite would drop, and leave the
   * program waiting for ever.
   */
  @Override
  public @Nullable SecurityContext securityContext(UUID id) {
    KeyContext known = programs.get(id);
    if (known != null || isNode(id)) {
      return known;
    }
    boolean administers =
        ctx.discovery().remoteNodes().stream()
            .anyMatch(node -> administrators.isFrom(node.id(), id));
    return administers ? KeyContext.ofAdministratorElsewhere(id) : KeyContext.ofNobody(id);
  }

  // Asked for every message, nearly all of which are in a node's own name.
  private boolean isNode(UUID id) {
    return ctx.localNodeId().equals(id)
        || ctx.discovery().node(id) != null
        || ctx.discovery().historicalNode(id) != null;
  }

  @Override
  public void onSessionExpired(UUID id) {
    programs.remove(id);
  }

  @Override
  public Collection<SecuritySubject> authenticatedSubjects() {
    return List.copyOf(programs.values());
  }

  @Override
  public @Nullable SecuritySubject authenticatedSubject(UUID id) {
    return programs.get(id);
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // Ignite's own signature
  public boolean enabled() {
    return true;
  }
}
