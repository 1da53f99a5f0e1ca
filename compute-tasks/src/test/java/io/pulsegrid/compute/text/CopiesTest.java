package io.pulsegrid.compute.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.post.Content;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopiesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Flood warnings issued for southern Alberta rivers | Flood alerts issued for southern Alberta rivers",
        "Flood warnings issued for southern Alberta rivers | Flood warning issued for southern Alberta rivers",
        "Flood warnings issued for southern Alberta rivers | Flood warnings issued for the southern Alberta rivers",
        "Flood warnings issued for southern Alberta rivers | UPDATE: Flood warnings issued for southern Alberta rivers",
        "Apple unveils a thinner tablet at its event in Cupertino | Apple unveils thinner tablet at event in Cupertino",
        "Apple shows a thinner and lighter tablet at its event in San Francisco today | Apple presents a thinner tablet at its event in San Francisco today",
        "Thousands Flee As River Bursts Its Banks In Calgary | Thousands Flee As The River Bursts Banks In Calgary"
      })
  void anEditedHeadlineIsACopy(String one, String other) {
    assertAreCopies(text(one), text(other), true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Apple will show the new iPhone 5 in London today | Apple will show the new iPhone 6 in London today",
        "Two killed as the storm hits the coast of Cuba | Nine killed as the storm hits the coast of Cuba",
        "Obama visits flooded towns in the north of the country | Merkel visits flooded towns in the north of the country",
        "obama visits flooded towns in the north of the country | merkel visits flooded towns in the north of the country",
        "Earthquake hits the coast of Chile during the night | Earthquake hits the coast of Japan during the night",
        "Stocks rise on Wall Street after the central bank decision | Stocks fall on Wall Street after the central bank decision",
        "Flood warnings issued for southern Alberta rivers today | No flood warnings issued for southern Alberta rivers today",
        "Smith Resigns As Minister After Report On Spending | Jones Resigns As Minister After Report On Spending",
        "Court finds the driver guilty of causing the crash | Court finds the driver innocent of causing the crash",
        "#Bruins shows up at this time as trend in Calgary | #Flames shows up at this time as trend in Calgary",
        "I'm at Central Park (New York, NY) w/ 272 others | I'm at Central Park (New York, NY) w/ 2910 others",
        "Germany beats Brazil in the final of the cup | Brazil beats Germany in the final of the cup",
        "Flood warnings issued for southern Alberta rivers | Flood warnings issued for southern Alberta rivers and lakes",
        "So true, what he said | So true, what she said",
        "Volcano erupts in Iceland and grounds flights in Europe | Volcano ash reaches the airports of northern Europe"
      })
  void whatNamesCountsOrTurnsAnotherIsNoCopy(String one, String other) {
    assertAreCopies(text(one), text(other), false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Flood in Alberta: what we know so far | Flood in Alberta: what we know | true",
        "https://news.example/a/flood | Flood in Alberta: what we know so far | true",
        "I cannot believe they let this happen again | Flood in Alberta: what we know so far | false",
        "Flood in Alberta: 3 dead and many missing | Flood in Alberta: 4 dead and many missing | false"
      })
  void underOneLinkTextsThatAgreeAreCopies(String one, String other, boolean copies) {
    assertAreCopies(
        post(one, "https://news.example/a/flood?utm_source=rss"),
        post(other, "http://www.news.example/a/flood/#top"),
        copies);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = "Flood in Alberta: what we know so far | Alberta flood: so far we know what")
  void underTwoLinksTextsThatOnlyAgreeAreNone(String one, String other) {
    assertThat(
            Copies.areCopies(
                post(one, "https://news.example/a/flood"), post(other, "https://news.example/b")))
        .isFalse();
  }

  private static void assertAreCopies(Content one, Content other, boolean copies) {
    assertThat(Copies.areCopies(one, other)).isEqualTo(copies);
    assertThat(Copies.areCopies(other, one)).isEqualTo(copies);
    if (copies) {
      assertThat(Collections.disjoint(Copies.traces(one), Copies.traces(other)))
          .as("share a trace by which they find each other")
          .isFalse();
    }
  }

  private static Content text(String text) {
    return post(text, null);
  }

  private static Content post(String text, @Nullable String url) {
    return new Content("test", "1", url, null, null, text, null, null, List.of());
  }
}
