package io.pulsegrid.compute.index;

import io.pulsegrid.compute.index.IndexFixtures.Draft;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A process that commits a hundred posts, says so, and goes on writing until it is killed. */
final class IndexWritingMain {
  private IndexWritingMain() {}

  public static void main(String[] args) {
    SplittableRandom random = new SplittableRandom(3);
    PostIndex index = PostIndex.open(Path.of(args[0]), IndexFixtures.SETTINGS);
    put(index, "committed", 100, random);
    index.commit();
    System.out.println("committed");
    for (int i = 0; i < 1_000; i++) {
      put(index, "later" + i, 100, random);
      index.refresh();
    }
  }

  private static void put(PostIndex index, String word, int count, SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      float[] vector = IndexFixtures.random(random);
      index.put(List.of(new Draft(word + i).text(word).vector(vector).entry()));
    }
  }
}
