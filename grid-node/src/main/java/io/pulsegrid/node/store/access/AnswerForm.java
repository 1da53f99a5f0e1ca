package io.pulsegrid.node.store.access;

import io.pulsegrid.core.access.Idempotency;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer as bytes, before it is sealed. */
final class AnswerForm {
  private static final int FORM = 1;

  private AnswerForm() {}

  static byte[] write(Idempotency.Answer answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORM);
      out.writeShort(answer.status());
      out.writeShort(answer.headers().size());
      for (Map.Entry<String, String> header : answer.headers().entrySet()) {
        out.writeUTF(header.getKey());
        out.writeUTF(header.getValue());
      }
      out.write(answer.body().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Idempotency.Answer read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int form = in.readByte();
      if (form != FORM) {
        throw new IllegalStateException("an answer must have the form " + FORM + ", was " + form);
      }
      int status = in.readShort();
      int size = in.readShort();
      Map<String, String> headers = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        headers.put(in.readUTF(), in.readUTF());
      }
      return new Idempotency.Answer(
          status, headers, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
