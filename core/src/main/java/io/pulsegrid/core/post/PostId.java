package io.pulsegrid.core.post;

import io.pulsegrid.core.access.WorkspaceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * A collected post's id, derived from where it comes from, so that collecting it again finds it.
 *
 * @param value 26 characters of base 32 (a-z, 2-7): 130 bits of SHA-256
 */
public record PostId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z2-7]{26}");
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  /** How many buckets {@link #bucket()} spreads ids over. */
  public static final int BUCKETS = 1024;

  public PostId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("a post id is 26 of a-z and 2-7, was " + value);
    }
  }

  /** Whether a text has the form of a post id. */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  /** The id of a platform's native id within a workspace. */
  public static PostId of(WorkspaceId workspace, String platform, String nativeId) {
    MessageDigest sha = sha256();
    for (String part : new String[] {workspace.value(), platform, nativeId}) {
      sha.update(part.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
    }
    byte[] digest = sha.digest();
    StringBuilder id = new StringBuilder(26);
    for (int i = 0; i < 26; i++) {
      int bit = i * 5;
      int window = ((digest[bit >> 3] & 0xff) << 8) | (digest[(bit >> 3) + 1] & 0xff);
      id.append(ALPHABET.charAt((window >> (11 - (bit & 7))) & 31));
    }
    return new PostId(id.toString());
  }

  /** The id's first ten bits: the unit in which grid, store and index are compared. */
  public int bucket() {
    return ALPHABET.indexOf(value.charAt(0)) * 32 + ALPHABET.indexOf(value.charAt(1));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
