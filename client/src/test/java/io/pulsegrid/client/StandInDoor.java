package io.pulsegrid.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A grid's door that answers from a script, and remembers what it was asked. */
final class StandInDoor implements Door {
  private final Iterator<String> answers;
  private final List<String> asked = new ArrayList<>();

  /**
   * A door.
   *
   * @param answers each a header, a line end, and a body
   */
  StandInDoor(String... answers) {
    this.answers = List.of(answers).iterator();
  }

  @Override
  public synchronized byte[] call(byte[] message) {
    asked.add(new String(message, StandardCharsets.UTF_8));
    String answer = answers.next();
    if (answer.isEmpty()) {
      throw new org.apache.ignite.client.ClientConnectionException("the node is gone");
    }
    return answer.getBytes(StandardCharsets.UTF_8);
  }

  synchronized List<String> asked() {
    return List.copyOf(asked);
  }
}
