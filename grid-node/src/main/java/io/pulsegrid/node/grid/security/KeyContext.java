package io.pulsegrid.node.grid.security;

import java.io.Serializable;
import java.net.InetSocketAddress;
import java.util.UUID;
import org.apache.ignite.internal.processors.security.SecurityContext;
import org.apache.ignite.plugin.security.SecuritySubject;
import org.apache.ignite.plugin.security.SecuritySubjectType;
import org.jspecify.annotations.Nullable;

/**
 * Who acts: a node of the grid, or a program that came with a key. Crosses nodes as part of a
 * node's own description, in Java's serial form; the key never does.
 */
final class KeyContext implements SecurityContext, SecuritySubject, Serializable {
  private static final long serialVersionUID = 1L;
  private static final String ELSEWHERE = "of an administrator";

  private final UUID id;
  private final SecuritySubjectType type;
  private final String name;
  private final @Nullable InetSocketAddress address;
  private final transient String key;

  private KeyContext(
      UUID id,
      SecuritySubjectType type,
      String name,
      @Nullable InetSocketAddress address,
      String key) {
    this.id = id;
    this.type = type;
    this.name = name;
    this.address = address;
    this.key = key;
  }

  static KeyContext ofNode(UUID id) {
    return new KeyContext(id, SecuritySubjectType.REMOTE_NODE, "node", null, "");
  }

  /**
   * A program's.
   *
   * @param name the id of its key, as logs may show it
   */
  static KeyContext ofProgram(
      UUID id, String name, @Nullable InetSocketAddress address, String key) {
    return new KeyContext(id, SecuritySubjectType.REMOTE_CLIENT, name, address, key);
  }

  /**
   * An administrator's that another node let in, and for which that one acts here; the key stays
   * there.
   */
  static KeyContext ofAdministratorElsewhere(UUID id) {
    return new KeyContext(id, SecuritySubjectType.REMOTE_CLIENT, ELSEWHERE, null, "");
  }

  /** A program's that may do nothing here: one that called another node, or has gone. */
  static KeyContext ofNobody(UUID id) {
    return new KeyContext(id, SecuritySubjectType.REMOTE_CLIENT, "of a program", null, "");
  }

  /** What a program came with; empty for a node, and for whoever did not come to this one. */
  String key() {
    return key;
  }

  boolean administersElsewhere() {
    return type == SecuritySubjectType.REMOTE_CLIENT && key.isEmpty() && name.equals(ELSEWHERE);
  }

  @Override
  public SecuritySubject subject() {
    return this;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public SecuritySubjectType type() {
    return type;
  }

  @Override
  public Object login() {
    return name;
  }

  @Override
  public @Nullable InetSocketAddress address() {
    return address;
  }
}
