package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.compute.text.Fingerprint;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.FirstComer;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** COLLECTED to EMBEDDED: finds near-duplicates, and embeds what is none of them. */
final class EmbedStage implements StageWork {
  private static final int BATCH = 256;

  private final PostCaches caches;
  private final Embedder embedder;
  private final Epochs epochs;
  private final MeterRegistry meters;
  private final IndexedQueue<PostWire> stages;

  EmbedStage(PostCaches caches, Embedder embedder, Epochs epochs, MeterRegistry meters) {
    this.caches = caches;
    this.embedder = embedder;
    this.epochs = epochs;
    this.meters = meters;
    stages = new IndexedQueue<>(caches.posts(), PostWire.class, "stage_sequence");
  }

  @Override
  public String name() {
    return "embed";
  }

  @Override
  public boolean work() {
    Map<String, PostWire> posts = stages.local(BATCH, eq("stage", Stage.COLLECTED.rank()));
    if (posts.isEmpty()) {
      return false;
    }
    Map<String, String> prints = new LinkedHashMap<>();
    posts.forEach(
        (id, post) ->
            Fingerprint.of(post.content().wording())
                .ifPresent(print -> prints.put(id, key(post, print))));
    Map<String, String> originals = originals(posts, prints);
    leave(posts, prints);
    embed(posts, originals);
    // A crash here leaves vectors without their posts' new stage: the posts are embedded again.
    Map<String, PostChange.Embedded> changes = new TreeMap<>();
    posts.forEach(
        (id, post) ->
            changes.put(
                id,
                new PostChange.Embedded(
                    post.sequence(),
                    fingerprint(prints.get(id)),
                    originals.get(id),
                    epochs.current())));
    caches.posts().invokeAll(changes);
    forgetWhatIsGone(changes.keySet());
    return posts.size() == BATCH;
  }

  /** The originals, by id, of those posts that repeat one. */
  private Map<String, String> originals(Map<String, PostWire> posts, Map<String, String> prints) {
    // One first comer a print within the batch too, in the order of acceptance.
    Map<String, FirstComer> claims = new TreeMap<>();
    prints.forEach(
        (id, print) -> {
          PostWire post = posts.get(id);
          if (post != null) {
            claims.putIfAbsent(print, new FirstComer(id, post.sequence()));
          }
        });
    Map<String, String> firsts = new HashMap<>();
    caches.originals().invokeAll(claims).forEach((print, first) -> firsts.put(print, first.get()));
    takeOver(claims, firsts);
    Map<String, String> originals = new HashMap<>();
    prints.forEach(
        (id, print) -> {
          String first = firsts.getOrDefault(print, id);
          if (!first.equals(id)) {
            originals.put(id, first);
          }
        });
    meters.counter("pulsegrid.duplicates").increment(originals.size());
    return originals;
  }

  /** A claim whose holder is gone or says something else by now passes on to who says it still. */
  private void takeOver(Map<String, FirstComer> wanting, Map<String, String> firsts) {
    Set<String> holders = new TreeSet<>();
    wanting.forEach(
        (print, claim) -> {
          String first = firsts.getOrDefault(print, claim.id());
          if (!first.equals(claim.id())) {
            holders.add(first);
          }
        });
    if (holders.isEmpty()) {
      return;
    }
    Map<String, PostWire> held = caches.posts().getAll(holders);
    Map<String, FirstComer> claims = new TreeMap<>();
    wanting.forEach(
        (print, claim) -> {
          String first = firsts.getOrDefault(print, claim.id());
          if (!first.equals(claim.id()) && !says(held.get(first), print)) {
            claims.put(print, claim.insteadOf(first));
          }
        });
    caches.originals().invokeAll(claims).forEach((print, first) -> firsts.put(print, first.get()));
  }

  private static boolean says(@Nullable PostWire post, String print) {
    if (post == null) {
      return false;
    }
    // Until it is embedded its fingerprint, if any, is that of an earlier wording.
    @Nullable String own =
        post.stage() == Stage.COLLECTED
            ? Fingerprint.of(post.content().wording()).orElse(null)
            : post.fingerprint();
    return own != null && print.equals(key(post, own));
  }

  /** Reworded posts give up what they claimed with their earlier wording. */
  private void leave(Map<String, PostWire> posts, Map<String, String> prints) {
    posts.forEach(
        (id, post) -> {
          String earlier = post.fingerprint();
          if (earlier != null && !key(post, earlier).equals(prints.get(id))) {
            String claim = caches.originals().get(key(post, earlier));
            if (claim != null && FirstComer.idOf(claim).equals(id)) {
              caches.originals().remove(key(post, earlier), claim);
            }
          }
        });
  }

  private static String key(PostWire post, String fingerprint) {
    return post.workspace() + "/" + fingerprint;
  }

  private void embed(Map<String, PostWire> posts, Map<String, String> originals) {
    Map<String, VectorWire> there = caches.vectors().getAll(new TreeSet<>(posts.keySet()));
    List<Map.Entry<String, PostWire>> lacking =
        posts.entrySet().stream()
            // One that repeats another needs none, but must not keep that of an earlier wording.
            .filter(e -> !originals.containsKey(e.getKey()) || there.containsKey(e.getKey()))
            .filter(e -> !isCurrent(there.get(e.getKey()), e.getValue()))
            .toList();
    if (lacking.isEmpty()) {
      return;
    }
    List<float[]> vectors =
        embedder.embed(lacking.stream().map(e -> e.getValue().content().wording()).toList());
    Map<String, VectorWire> wires = new TreeMap<>();
    for (int i = 0; i < lacking.size(); i++) {
      long sequence = lacking.get(i).getValue().sequence();
      wires.put(
          lacking.get(i).getKey(), VectorWire.of(embedder.model(), vectors.get(i), sequence, true));
    }
    caches.vectors().putAll(wires);
    meters.counter("pulsegrid.embedded").increment(lacking.size());
  }

  /** A post that was dropped while it was being embedded leaves no vector behind. */
  private void forgetWhatIsGone(Set<String> ids) {
    Set<String> gone = new TreeSet<>(ids);
    gone.removeAll(caches.posts().getAll(ids).keySet());
    caches.vectors().removeAll(gone);
  }

  /** Whether a vector was made from this very wording by this very model. */
  private boolean isCurrent(@Nullable VectorWire vector, PostWire post) {
    return vector != null
        && vector.model().equals(embedder.model())
        && vector.sequence() == post.sequence();
  }

  private static @Nullable String fingerprint(@Nullable String key) {
    return key == null ? null : key.substring(key.indexOf('/') + 1);
  }
}
