package io.pulsegrid.connectors.file;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.IncomingPost;
import java.util.List;

/** One line of an import: a post that can be taken, or what is wrong with it. */
public sealed interface ImportLine {
  /** Where it starts in the file, from 1; a CSV's header is line 1. */
  long line();

  /** A line that is a post. */
  record Good(long line, IncomingPost post) implements ImportLine {}

  /** A line that is none. */
  record Bad(long line, List<FieldError> errors) implements ImportLine {
    public Bad {
      errors = List.copyOf(errors);
    }
  }
}
