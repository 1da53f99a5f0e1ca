package io.pulsegrid.core.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

class CursorTest {
  @Property(tries = 200)
  void givesBackTheKeysItWasMadeOf(@ForAll("keys") List<String> keys) {
    String cursor = Cursor.encode(keys.toArray());

    assertThat(Cursor.decode(cursor, keys.size())).isEqualTo(keys);
    assertThat(cursor).matches("[A-Za-z0-9_-]*");
  }

  @Property(tries = 200)
  void refusesAnotherNumberOfKeys(@ForAll("keys") List<String> keys) {
    String cursor = Cursor.encode(keys.toArray());

    assertMalformed(cursor, keys.size() + 1);
    assertMalformed(cursor, keys.size() - 1);
  }

  @Property(tries = 200)
  void refusesWhatOthersWrote(@ForAll @AlphaChars @StringLength(min = 1, max = 40) String text) {
    assertMalformed(text + "!", 1);
    assertMalformed(text, 7);
  }

  @Example
  void keysMayBeNumbers() {
    assertThat(Cursor.decode(Cursor.encode(12L, "x", 1.5), 3)).containsExactly("12", "x", "1.5");
  }

  @Example
  void refusesKeysThatNoListGives() {
    assertMalformed(Cursor.encode("a", "b\0"), 2);
    for (String number : List.of("NaN", "Infinity", "", "x")) {
      assertForeign(() -> Cursor.number(number));
    }
    for (String whole : List.of("-1", "11", "1.5", "NaN", "99999999999999999999")) {
      assertForeign(() -> Cursor.whole(whole, 10));
    }
    for (String instant : List.of("+10001-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "today")) {
      assertForeign(() -> Cursor.instant(instant));
    }
    assertThat(Cursor.number("1.5")).isEqualTo(1.5);
    assertThat(Cursor.whole("10", 10)).isEqualTo(10);
    assertThat(Cursor.instant("1969-07-20T20:17:40Z")).isBefore(Instant.EPOCH);
  }

  @Example
  void aPageThatIsNotFullIsTheLast() {
    assertThat(Page.cut(List.of(1, 2), 2, String::valueOf).next()).isNull();
    Page<Integer> cut = Page.cut(List.of(1, 2, 3), 2, String::valueOf);
    assertThat(cut.items()).containsExactly(1, 2);
    assertThat(cut.next()).isEqualTo("2");
    assertThat(cut.map(number -> "n" + number).items()).containsExactly("n1", "n2");
  }

  @Property(tries = 200)
  void aPageHoldsOneToFiveHundred(@ForAll int limit) {
    if (limit >= 1 && limit <= 500) {
      assertThat(new PageRequest(limit, null).limit()).isEqualTo(limit);
    } else {
      assertThatExceptionOfType(PulsegridException.class)
          .isThrownBy(() -> new PageRequest(limit, null))
          .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID))
          .satisfies(e -> assertThat(e.errors().getFirst().field()).isEqualTo("limit"));
    }
  }

  @Provide
  Arbitrary<List<String>> keys() {
    return Arbitraries.strings()
        .withChars("abcXYZ019 _-:.\u00e9\u6771\n\"")
        .ofMaxLength(20)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static void assertMalformed(String cursor, int size) {
    assertForeign(() -> Cursor.decode(cursor, size));
  }

  private static void assertForeign(ThrowingCallable reading) {
    assertThatExceptionOfType(PulsegridException.class)
        .isThrownBy(reading)
        .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.MALFORMED));
  }
}
