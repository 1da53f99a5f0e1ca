package io.pulsegrid.compute.index;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder an index lives in. What is in it can always be made again from the posts, so a folder
 * that cannot be used is set aside, where a person may look at it, and an empty one takes its
 * place.
 */
final class IndexFolder {
  private static final Logger log = LoggerFactory.getLogger(IndexFolder.class);
  private static final String DAMAGED = "damaged";

  private final Path path;
  private final Map<String, String> contents;

  /**
   * A folder.
   *
   * @param contents what the index must be made of, as its commits carry it
   */
  IndexFolder(Path path, Map<String, String> contents) {
    this.path = path.toAbsolutePath();
    this.contents = contents;
  }

  /** Opens an index here, the one that is there or, if that cannot be used, an empty one. */
  <T> T open(Opening<T> opening) {
    try {
      Files.createDirectories(path);
      if (Files.exists(path.resolve(DAMAGED))) {
        setAside("it was found damaged while in use");
      }
      try {
        return openHere(opening);
      } catch (LockObtainFailedException e) {
        throw PulsegridException.of(
            FailureCode.CONFLICT, "the index in " + path + " is in use by another process", e);
      } catch (IOException | IllegalArgumentException e) {
        if (!isBeyondUse(e)) {
          throw e;
        }
        setAside(String.valueOf(e.getMessage()));
        return openHere(opening);
      }
    } catch (IOException e) {
      throw PulsegridException.of(
          FailureCode.INTERNAL, "the index in " + path + " does not open: " + e.getMessage(), e);
    }
  }

  /** Notes that the index must not be used again, for the next start to find. */
  void markDamaged() {
    try {
      Files.createFile(path.resolve(DAMAGED));
    } catch (IOException e) {
      log.warn("The index in {} is damaged, which could not be noted: {}", path, e.getMessage());
    }
  }

  private <T> T openHere(Opening<T> opening) throws IOException {
    Directory directory = FSDirectory.open(path);
    try {
      requireContents(directory);
      return opening.open(directory);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private void requireContents(Directory directory) throws IOException {
    if (!DirectoryReader.indexExists(directory)) {
      return;
    }
    Map<String, String> found = SegmentInfos.readLatestCommit(directory).getUserData();
    if (!found.equals(contents)) {
      throw new CorruptIndexException("it holds " + found + ", not " + contents, path.toString());
    }
  }

  // IllegalArgumentException: a codec that this version of the program does not know.
  private static boolean isBeyondUse(Exception e) {
    return e instanceof CorruptIndexException
        || e instanceof IndexFormatTooOldException
        || e instanceof IndexFormatTooNewException
        || e instanceof IndexNotFoundException
        || e instanceof EOFException
        || e instanceof FileNotFoundException
        || e instanceof NoSuchFileException
        || e instanceof IllegalArgumentException;
  }

  private void setAside(String reason) throws IOException {
    Path aside = path.resolveSibling(path.getFileName() + ".aside");
    delete(aside);
    Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
    Files.createDirectories(path);
    log.warn(
        "The index in {} cannot be used ({}). It was moved to {} and an empty one begun;"
            + " the node fills it again from its posts",
        path,
        reason,
        aside);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }

  /** Opens an index in a directory, which it then owns. */
  interface Opening<T> {
    T open(Directory directory) throws IOException;
  }
}
