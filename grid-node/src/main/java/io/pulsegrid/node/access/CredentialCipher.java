package io.pulsegrid.node.access;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals secrets for rest with AES-256-GCM. Each is bound to the row it belongs to, so that one
 * copied to another row does not open. Form: a byte 1, a random nonce of 12 bytes, the ciphertext,
 * a tag of 16 bytes. Safe for use by many threads.
 */
public final class CredentialCipher {
  private static final byte FORM = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final CredentialKey key;
  private final SecureRandom random;

  public CredentialCipher(CredentialKey key, SecureRandom random) {
    this.key = key;
    this.random = random;
  }

  /**
   * Seals a secret.
   *
   * @param owner the row it belongs to, such as a channel's id
   */
  public byte[] seal(String owner, byte[] secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, owner, nonce).doFinal(secret);
      return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
          .put(FORM)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM must be able to encrypt", e);
    }
  }

  /**
   * Opens what {@link #seal} sealed.
   *
   * @throws PulsegridException {@code INTERNAL} when it was sealed with another key, for another
   *     owner, or altered since
   */
  public byte[] open(String owner, byte[] sealed) {
    if (sealed.length <= 1 + NONCE_BYTES || sealed[0] != FORM) {
      throw unreadable(owner, new GeneralSecurityException("not of the known form"));
    }
    ByteBuffer in = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
    byte[] nonce = new byte[NONCE_BYTES];
    in.get(nonce);
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    try {
      return cipher(Cipher.DECRYPT_MODE, owner, nonce).doFinal(rest);
    } catch (AEADBadTagException e) {
      throw unreadable(owner, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM must be able to decrypt", e);
    }
  }

  private Cipher cipher(int mode, String owner, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private PulsegridException unreadable(String owner, GeneralSecurityException cause) {
    return PulsegridException.of(
        FailureCode.INTERNAL,
        "the secrets of "
            + owner
            + " do not open with the key in "
            + key.path()
            + " (fingerprint "
            + key.fingerprint()
            + "): put back the key file they were sealed with, or enter the secrets anew",
        cause);
  }
}
