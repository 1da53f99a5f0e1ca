package io.pulsegrid.node.listen;

import io.pulsegrid.compute.text.Copies;
import io.pulsegrid.compute.text.Fingerprint;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.FirstComer;
import io.pulsegrid.node.grid.wire.PostWire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which posts repeat which. Every post lays claim to its words and to the traces that an edited
 * copy would share with it; the first in the order of acceptance holds a claim, whoever came to a
 * node first. A post repeats who holds its words, or who holds one of its traces if a comparison
 * says so; and if that one repeats another, it repeats that other: an original repeats nothing.
 */
final class Originals {
  private final PostCaches caches;

  Originals(PostCaches caches) {
    this.caches = caches;
  }

  /** What a post lays claim to. */
  private record Claims(@Nullable String words, List<String> traces) {
    static Claims of(PostWire post) {
      return new Claims(
          Fingerprint.of(post.content().wording()).map(print -> key(post, print)).orElse(null),
          traces(post));
    }

    /** Those of a post that was fingerprinted before. */
    static Claims told(PostWire post) {
      String print = post.fingerprint();
      return new Claims(print == null ? null : key(post, print), traces(post));
    }

    private static List<String> traces(PostWire post) {
      return Copies.traces(post.content()).stream().map(trace -> key(post, "~" + trace)).toList();
    }

    List<String> all() {
      List<String> all = new ArrayList<>(traces);
      if (words != null) {
        all.add(words);
      }
      return all;
    }
  }

  static String key(PostWire post, String print) {
    return post.workspace() + "/" + print;
  }

  /**
   * Lays claim for posts that are to be embedded.
   *
   * @return of those that repeat another the original's id
   */
  Map<String, String> claim(Map<String, PostWire> posts) {
    Map<String, Claims> claims = new HashMap<>();
    posts.forEach((id, post) -> claims.put(id, Claims.of(post)));
    leave(posts, claims);
    Map<String, FirstComer> words = new TreeMap<>();
    inOrder(posts)
        .forEach(
            (id, post) -> {
              String key = claims(claims, id).words();
              if (key != null) {
                words.putIfAbsent(key, new FirstComer(id, post.sequence()));
              }
            });
    Map<String, String> holders = hold(words);
    // Who repeats another word by word leaves the traces to that one.
    Map<String, FirstComer> traces = new TreeMap<>();
    inOrder(posts)
        .forEach(
            (id, post) -> {
              Claims its = claims(claims, id);
              if (its.words() == null || id.equals(holders.get(its.words()))) {
                its.traces()
                    .forEach(key -> traces.putIfAbsent(key, new FirstComer(id, post.sequence())));
              }
            });
    holders.putAll(hold(traces));
    return resolve(posts, claims, holders).found;
  }

  /**
   * The originals of posts that have laid claim, by the claims as they stand. Nodes may have
   * embedded them in another order; what counts is the order of acceptance.
   */
  Map<String, String> look(Map<String, PostWire> posts) {
    Map<String, Claims> claims = new HashMap<>();
    Set<String> keys = new TreeSet<>();
    posts.forEach(
        (id, post) -> {
          Claims its = Claims.told(post);
          claims.put(id, its);
          keys.addAll(its.all());
        });
    Map<String, String> holders = new HashMap<>();
    caches.originals().getAll(keys).forEach((key, claim) -> holders.put(key, idOf(claim)));
    Family family = resolve(posts, claims, holders);
    // Where a claim is gone, what was said when the post was embedded stands: it has no vector.
    posts.forEach(
        (id, post) -> {
          String earlier = post.duplicateOf();
          String head = earlier == null ? null : family.headOf(earlier);
          if (head != null && !head.equals(id)) {
            family.found.putIfAbsent(id, head);
          }
        });
    return family.found;
  }

  /** Takes back what posts have claimed that are gone from the grid. */
  void release(Map<String, PostWire> gone) {
    Set<String> keys = new TreeSet<>();
    gone.values().forEach(post -> keys.addAll(Claims.told(post).all()));
    caches
        .originals()
        .getAll(keys)
        .forEach(
            (key, claim) -> {
              if (gone.containsKey(idOf(claim))) {
                caches.originals().remove(key, claim);
              }
            });
  }

  /** What a post that is loaded again lays claim to; a copy leaves all to its original. */
  static Map<String, FirstComer> ofLoaded(String id, PostWire post, boolean withTraces) {
    Map<String, FirstComer> claims = new TreeMap<>();
    // Of a post that waits to be embedded the fingerprint is that of an earlier wording.
    if (post.duplicateOf() == null && post.stage() != Stage.COLLECTED) {
      FirstComer first = new FirstComer(id, post.sequence());
      String print = post.fingerprint();
      if (print != null) {
        claims.put(key(post, print), first);
      }
      if (withTraces) {
        Claims.traces(post).forEach(trace -> claims.put(trace, first));
      }
    }
    return claims;
  }

  private Map<String, String> hold(Map<String, FirstComer> claims) {
    Map<String, String> holders = new HashMap<>();
    caches.originals().invokeAll(claims).forEach((key, first) -> holders.put(key, first.get()));
    takeOver(claims, holders);
    return holders;
  }

  /** A claim whose holder is gone or says something else by now passes on to who says it still. */
  private void takeOver(Map<String, FirstComer> wanting, Map<String, String> holders) {
    Set<String> others = new TreeSet<>();
    wanting.forEach(
        (key, claim) -> {
          String first = holders.getOrDefault(key, claim.id());
          if (!first.equals(claim.id())) {
            others.add(first);
          }
        });
    if (others.isEmpty()) {
      return;
    }
    Map<String, Set<String>> held = new HashMap<>();
    caches.posts().getAll(others).forEach((id, post) -> held.put(id, Set.copyOf(says(post))));
    Map<String, FirstComer> claims = new TreeMap<>();
    wanting.forEach(
        (key, claim) -> {
          String first = holders.getOrDefault(key, claim.id());
          if (!first.equals(claim.id()) && !held.getOrDefault(first, Set.of()).contains(key)) {
            claims.put(key, claim.insteadOf(first));
          }
        });
    caches.originals().invokeAll(claims).forEach((key, first) -> holders.put(key, first.get()));
  }

  private static Collection<String> says(PostWire post) {
    // Until it is embedded its fingerprint, if any, is that of an earlier wording.
    return (post.stage() == Stage.COLLECTED ? Claims.of(post) : Claims.told(post)).all();
  }

  /** Reworded posts give up what they claimed with their earlier wording. */
  private void leave(Map<String, PostWire> posts, Map<String, Claims> claims) {
    posts.forEach(
        (id, post) -> {
          String earlier = post.fingerprint();
          if (earlier != null && !key(post, earlier).equals(claims(claims, id).words())) {
            String claim = caches.originals().get(key(post, earlier));
            if (claim != null && idOf(claim).equals(id)) {
              caches.originals().remove(key(post, earlier), claim);
            }
          }
        });
  }

  private Family resolve(
      Map<String, PostWire> posts, Map<String, Claims> claims, Map<String, String> holders) {
    Family family = new Family(posts, holders.values());
    inOrder(posts)
        .forEach(
            (id, post) -> {
              Claims its = claims(claims, id);
              String words = its.words();
              String first = words == null ? id : holders.getOrDefault(words, id);
              String original =
                  first.equals(id)
                      ? family.copied(id, post, its.traces(), holders)
                      : family.headOf(first);
              if (original != null && !original.equals(id)) {
                family.found.put(id, original);
              }
            });
    return family;
  }

  private static Map<String, PostWire> inOrder(Map<String, PostWire> posts) {
    Map<String, PostWire> ordered = new LinkedHashMap<>();
    posts.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, PostWire>>comparingLong(e -> e.getValue().sequence())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  private static Claims claims(Map<String, Claims> claims, String id) {
    Claims its = claims.get(id);
    if (its == null) {
      throw new IllegalStateException("every post of a batch has claims, " + id + " had none");
    }
    return its;
  }

  private static String idOf(String claim) {
    return FirstComer.idOf(claim);
  }

  /** A batch of posts with those that hold their claims, and the originals of these. */
  private final class Family {
    final Map<String, String> found = new HashMap<>();
    private final Map<String, PostWire> batch;
    private final Map<String, PostWire> known;

    Family(Map<String, PostWire> batch, Collection<String> holders) {
      this.batch = batch;
      known = new HashMap<>(batch);
      read(new HashSet<>(holders));
      Set<String> heads = new HashSet<>();
      for (PostWire post : known.values()) {
        String head = post.duplicateOf();
        if (head != null) {
          heads.add(head);
        }
      }
      read(heads);
    }

    private void read(Set<String> ids) {
      Set<String> unknown = new TreeSet<>(ids);
      unknown.removeAll(known.keySet());
      if (!unknown.isEmpty()) {
        known.putAll(caches.posts().getAll(unknown));
      }
    }

    /** Whom a post repeats in the end: itself if it is an original. */
    @Nullable String headOf(String id) {
      PostWire post = known.get(id);
      if (batch.containsKey(id) || post == null || post.stage() == Stage.COLLECTED) {
        return found.getOrDefault(id, id);
      }
      String original = post.duplicateOf();
      if (original == null) {
        return id;
      }
      // The original is gone, and its copy has no vector to lend.
      return known.containsKey(original) ? original : null;
    }

    /** The original of which a post is an edited copy, if it is one. */
    @Nullable String copied(
        String id, PostWire post, List<String> traces, Map<String, String> holders) {
      Map<String, PostWire> before = new HashMap<>();
      for (String trace : traces) {
        String holder = holders.getOrDefault(trace, id);
        PostWire held = known.get(holder);
        if (held != null && held.sequence() < post.sequence()) {
          before.put(holder, held);
        }
      }
      for (String holder : inOrder(before).keySet()) {
        String head = headOf(holder);
        PostWire original = head == null ? null : known.get(head);
        if (original != null
            && !id.equals(head)
            && Copies.areCopies(post.content(), original.content())) {
          return head;
        }
      }
      return null;
    }
  }
}
