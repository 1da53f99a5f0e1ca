package io.pulsegrid.core.access;

import java.util.regex.Pattern;

/** A workspace's name: the wall behind which a team sees only its own. */
public record WorkspaceId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  /** The workspace that the first start makes. */
  public static final WorkspaceId DEFAULT = new WorkspaceId("default");

  public WorkspaceId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a workspace is 1-63 of a-z, 0-9, _ and -, starting with a letter or digit; was "
              + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
