package io.pulsegrid.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.connectors.Shared;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.PostImport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportReaderTest {
  private static final PostImport.Options NDJSON = options(PostImport.Format.NDJSON);
  private static final PostImport.Options CSV = options(PostImport.Format.CSV);

  @Test
  void readsHackerNewsAsItIs() throws IOException {
    PostImport.Options options =
        new PostImport.Options(
            PostImport.Format.CSV,
            "hackernews",
            Map.of(
                "id", "nativeId",
                "num_points", "likes",
                "num_comments", "comments",
                "created_at", "publishedAt"),
            "M/d/yyyy H:mm",
            ZoneOffset.UTC);
    List<ImportLine> lines;
    try (InputStream file = Files.newInputStream(Shared.file("data/engagement/hacker_news.csv"))) {
      lines = all(new ImportReader(file, options));
    }

    assertThat(lines).hasSize(21_348).allMatch(line -> line instanceof ImportLine.Good);
    IncomingPost first = good(lines.getFirst());
    assertThat(first.content().platform()).isEqualTo("hackernews");
    assertThat(first.content().nativeId()).isEqualTo("11966167");
    assertThat(first.content().title()).isEqualTo("UK votes to leave EU");
    assertThat(first.content().author()).isEqualTo("dmmalam");
    assertThat(first.engagement()).isEqualTo(new Engagement(3125, 2531, 0, 0));
    assertThat(first.publishedAt()).isEqualTo("2016-06-24T03:48:00Z");
  }

  @Test
  void readsEveryFieldOfAJsonLine() throws IOException {
    IncomingPost post =
        good(
            single(
                NDJSON,
                """
                {"platform":"x","nativeId":17,"url":"u","author":"a","title":"t","text":"b",\
                "publishedAt":"2020-01-02T03:04:05+01:00","lang":"en","category":"c",\
                "tags":["p","q"],"engagement":{"likes":1,"comments":2,"shares":3,"views":4}}
                """));

    assertThat(post.content().platform()).isEqualTo("x");
    assertThat(post.content().nativeId()).isEqualTo("17");
    assertThat(post.content().tags()).containsExactly("p", "q");
    assertThat(post.engagement()).isEqualTo(new Engagement(1, 2, 3, 4));
    assertThat(post.publishedAt()).isEqualTo("2020-01-02T02:04:05Z");
    assertThat(post.source()).isNull();
  }

  @Test
  void mapsNestedNamesAndNamesWhatItIgnoresOnce() throws IOException {
    PostImport.Options options =
        new PostImport.Options(
            PostImport.Format.NDJSON,
            "x",
            Map.of("id", "nativeId", "user.name", "author", "stats.hearts", "likes"),
            null,
            ZoneOffset.UTC);
    String line =
        "{\"id\":1,\"text\":\"t\",\"user\":{\"name\":\"ann\",\"age\":3},\"stats\":{\"hearts\":9},"
            + "\"odd\":{\"deep\":[1]},\"engagement\":{\"views\":4,\"hmm\":1}}\n";
    ImportReader reader = reader(options, line + line);

    IncomingPost post = good(reader.next());
    reader.next();

    assertThat(post.content().author()).isEqualTo("ann");
    assertThat(post.engagement()).isEqualTo(new Engagement(9, 0, 0, 4));
    assertThat(reader.ignoredColumns()).containsExactly("user.age", "odd", "engagement.hmm");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"nativeId\":\"1\",\"text\":\"t\" | line | is not valid JSON",
        "{\"nativeId\":\"1\",\"text\":\"t\"} x | line | is not valid JSON",
        "[1,2] | line | must be a JSON object",
        "{\"text\":\"t\"} | nativeId | is required",
        "{\"nativeId\":\"1\"} | text | one of title and text is required",
        "{\"nativeId\":\"1\",\"text\":5} | text | must be a string",
        "{\"nativeId\":{},\"text\":\"t\"} | nativeId | must be a string or a number",
        "{\"nativeId\":\"1\",\"text\":\"t\",\"publishedAt\":\"soon\"} | publishedAt | ISO-8601",
        "{\"nativeId\":\"1\",\"text\":\"t\",\"publishedAt\":\"2016-13-41\"} | publishedAt | ISO-8601",
        "{\"nativeId\":\"1\",\"text\":\"t\",\"publishedAt\":\"9999-01-01\"} | publishedAt | 1970 to 2099",
        "{\"nativeId\":\"1\",\"text\":\"t\",\"engagement\":{\"likes\":-1}} | likes | whole number from 0",
        "{\"nativeId\":\"1\",\"text\":\"t\",\"engagement\":{\"likes\":1e999999999}} | likes | whole number",
        "{\"nativeId\":\"1\",\"text\":\"t\",\"engagement\":5} | engagement | must be an object",
        "{\"nativeId\":\"1\",\"text\":\"t\",\"tags\":\"\",\"platform\":\"No Such\"} | platform | a-z",
        "{\"nativeId\":\"1\",\"text\":\"t\",\"tags\":[1]} | tags | must be strings",
        "{\"nativeId\":\"1\",\"text\":\"a\\u0000b\"} | text | NUL"
      })
  void namesTheFieldThatIsWrong(String line, String field, String message) throws IOException {
    assertThat(errors(single(NDJSON, line)))
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.field()).isEqualTo(field);
              assertThat(error.message()).contains(message);
            });
  }

  @Test
  void goesOnAfterABadLineAndCountsLines() throws IOException {
    List<ImportLine> lines =
        all(reader(NDJSON, "\n{bad\r\n\r\n{\"nativeId\":\"1\",\"text\":\"t\"}\n"));

    assertThat(lines).extracting(ImportLine::line).containsExactly(2L, 4L);
    assertThat(lines.getLast()).isInstanceOf(ImportLine.Good.class);
  }

  @Test
  void skipsALineOfTenMegabytesAndGoesOn() throws IOException {
    String huge = "{\"nativeId\":\"0\",\"text\":\"" + "x".repeat(10 << 20) + "\"}\n";

    List<ImportLine> lines = all(reader(NDJSON, huge + "{\"nativeId\":\"1\",\"text\":\"t\"}"));

    assertThat(errors(lines.getFirst()).getFirst().message()).contains("longer than 1 MiB");
    assertThat(lines.getLast().line()).isEqualTo(2);
    assertThat(lines.getLast()).isInstanceOf(ImportLine.Good.class);
  }

  @Test
  void refusesATextThatIsTooLongByName() throws IOException {
    String line = "{\"nativeId\":\"0\",\"text\":\"" + "x".repeat(600_000) + "\"}\n";

    assertThat(errors(single(NDJSON, line)).getFirst())
        .isEqualTo(new FieldError("text", "at most 262144 characters, was 600000"));
  }

  @Test
  void readsQuotedCsvWithLineEndsAndAByteOrderMark() throws IOException {
    List<ImportLine> lines =
        all(
            reader(
                CSV,
                """
                \ufeffnativeId,title,text,tags\r
                1,"He said ""hi"", then left","two
                lines",a|b\r
                2,5" disk,plain,"c,d"\r
                """));

    IncomingPost first = good(lines.get(0));
    IncomingPost second = good(lines.get(1));
    assertThat(first.content().title()).isEqualTo("He said \"hi\", then left");
    assertThat(first.content().text()).isEqualTo("two\nlines");
    assertThat(first.content().tags()).containsExactly("a", "b");
    assertThat(second.content().title()).isEqualTo("5\" disk");
    assertThat(second.content().tags()).containsExactly("c", "d");
    assertThat(lines).extracting(ImportLine::line).containsExactly(2L, 4L);
  }

  @Test
  void tellsACsvLineWithTheWrongNumberOfFields() throws IOException {
    List<ImportLine> lines = all(reader(CSV, "nativeId,title\n1\n2,b,c\n3,\"x\"y\n4,d\n"));

    assertThat(errors(lines.get(0)).getFirst().message())
        .isEqualTo("has 1 fields where the header has 2");
    assertThat(errors(lines.get(1)).getFirst().message())
        .isEqualTo("has 3 fields where the header has 2");
    assertThat(errors(lines.get(2)).getFirst().message()).contains("after its closing quote");
    assertThat(good(lines.get(3)).content().title()).isEqualTo("d");
  }

  @Test
  void recoversFromAQuoteThatIsNeverClosed() throws IOException {
    StringBuilder file = new StringBuilder("nativeId,title\n1,\"never closed\n");
    for (int i = 0; i < 200_000; i++) {
      file.append("100").append(i).append(",t\n");
    }

    List<ImportLine> lines = all(reader(CSV, file.toString()));

    assertThat(errors(lines.getFirst()).getFirst().message()).contains("never closed");
    assertThat(lines).hasSize(200_001);
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line instanceof ImportLine.Good);
    assertThat(lines.getLast().line()).isEqualTo(200_002);
  }

  @Test
  void losesNoLineToAQuoteThatALaterOneSeemsToClose() throws IOException {
    List<ImportLine> lines =
        all(
            reader(
                CSV,
                """
                nativeId,title
                1,"open
                2,"two"
                3,"three
                lines, ""quoted""
                each"
                4,"open again
                5,five
                6,"at the end
                7,seven
                """));

    assertThat(lines)
        .filteredOn(line -> line instanceof ImportLine.Good)
        .extracting(line -> good(line).content().nativeId() + "@" + line.line())
        .containsExactly("2@3", "3@4", "5@8", "7@10");
    assertThat(lines)
        .filteredOn(line -> line instanceof ImportLine.Bad)
        .extracting(ImportLine::line)
        .containsExactly(2L, 7L, 9L);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void readsAFileOfOpenQuotesInBoundedTime() throws IOException {
    String file = "nativeId,title\n" + "a\",b,\"c\n".repeat(500_000) + "1,t\n";

    List<ImportLine> lines = all(reader(CSV, file));

    assertThat(lines).isNotEmpty().allMatch(line -> line instanceof ImportLine.Bad);
  }

  @Test
  void tellsALineThatIsNotUtf8() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("nativeId,title\n1,caf".getBytes(StandardCharsets.UTF_8));
    file.write(0xe9);
    file.writeBytes("\n2,café\n".getBytes(StandardCharsets.UTF_8));

    List<ImportLine> lines =
        all(new ImportReader(new ByteArrayInputStream(file.toByteArray()), CSV));

    assertThat(errors(lines.get(0))).containsExactly(new FieldError("line", "is not valid UTF-8"));
    assertThat(good(lines.get(1)).content().title()).isEqualTo("café");
  }

  @Test
  void refusesAHeaderWithWhichNoLineCouldBeTaken() {
    refuses(CSV, "title,x\n1,2\n", "nativeId", "no column gives it");
    refuses(CSV, "nativeId,x\n1,2\n", "text", "no column gives it");
    refuses(CSV, "", "header", "the file is empty");
    refuses(CSV, "nativeId,title,title\n1,2,3\n", "header", "more than one column gives title");
    refuses(
        new PostImport.Options(PostImport.Format.CSV, null, Map.of(), null, ZoneOffset.UTC),
        "nativeId,title\n1,2\n",
        "platform",
        "no column gives it");
  }

  @Test
  void knowsAColumnInOtherUpperAndLowerCase() throws IOException {
    ImportReader reader =
        reader(mapped(Map.of("ID", "nativeId")), "Id,TITLE,Engagement.Likes,Odd\n7,t,3,x\n");

    IncomingPost post = good(reader.next());
    assertThat(post.content().nativeId()).isEqualTo("7");
    assertThat(post.content().title()).isEqualTo("t");
    assertThat(post.engagement().likes()).isEqualTo(3);
    assertThat(reader.ignoredColumns()).containsExactly("Odd");
  }

  @Test
  void prefersTheColumnInTheVeryCaseAndRefusesToChooseBetweenOthers() throws IOException {
    ImportReader reader = reader(CSV, "NativeId,nativeId,Text\n1,2,t\n");

    assertThat(good(reader.next()).content().nativeId()).isEqualTo("2");
    assertThat(reader.ignoredColumns()).containsExactly("NativeId");
    refuses(CSV, "nativeId,Text,TEXT\n", "header", "more than one column gives text");
    refuses(mapped(Map.of("id", "nativeId", "ID", "author")), "Id,text\n", "map", "no column");
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t"})
  void tellsTheSeparatorByTheHeader(String separator) throws IOException {
    String file = "nativeId|\"title\"|text\n1|a|\"b|c\nd\"\n2|\"e,f;g\th\"|\"i\"\n";

    List<ImportLine> lines = all(reader(CSV, file.replace("|", separator)));

    assertThat(lines).extracting(ImportLine::line).containsExactly(2L, 4L);
    assertThat(good(lines.getFirst()).content().text()).isEqualTo("b" + separator + "c\nd");
    assertThat(good(lines.getLast()).content().title()).isEqualTo("e,f;g\th");
  }

  @Test
  void countsOnlyNamesThatMeanSomethingWhereSeparatorsStandInNames() throws IOException {
    ImportReader reader = reader(CSV, "nativeId,text,a;b;c;d\n1,t,x\n");

    assertThat(good(reader.next()).content().text()).isEqualTo("t");
    assertThat(reader.ignoredColumns()).containsExactly("a;b;c;d");
  }

  @Test
  void refusesAMappingThatCannotBe() {
    refuses(mapped(Map.of("id", "native")), "id,title\n", "map", "no field native");
    refuses(mapped(Map.of("id", "nativeId")), "nativeId,title\n", "map", "no column id");
    refuses(mapped(Map.of("a", "text", "b", "text")), "a,b\n", "map", "mapped to text");
    refuses(
        new PostImport.Options(PostImport.Format.CSV, "x", Map.of(), "M/d/bbbb", ZoneOffset.UTC),
        "nativeId,title\n",
        "dateFormat",
        "no pattern");
  }

  @Test
  void prefersTheMappedColumnToTheOneOfTheFieldsName() throws IOException {
    ImportReader reader = reader(mapped(Map.of("id", "nativeId")), "nativeId,id,text\n1,2,t\n");

    assertThat(good(reader.next()).content().nativeId()).isEqualTo("2");
    assertThat(reader.ignoredColumns()).containsExactly("nativeId");
  }

  @ParameterizedTest
  @CsvSource({
    "2016-06-24T03:48:00Z, 2016-06-24T03:48:00Z",
    "2016-06-24t03:48:00.123456z, 2016-06-24T03:48:00.123456Z",
    "2016-06-24T03:48, 2016-06-24T01:48:00Z",
    "2016-06-24 03:48:00, 2016-06-24T01:48:00Z",
    "2016-06-24 03:48:00 +0000, 2016-06-24T03:48:00Z",
    "2016-06-24T03:48:00-05:00, 2016-06-24T08:48:00Z",
    "2016-06-24T03:48:00+02, 2016-06-24T01:48:00Z",
    "2016-06-24T03:48:00+02:00[Europe/Paris], 2016-06-24T01:48:00Z",
    "2016-06-24, 2016-06-23T22:00:00Z",
    "1466740080, 2016-06-24T03:48:00Z",
    "1466740080.5, 2016-06-24T03:48:00.500Z",
    "1466740080123, 2016-06-24T03:48:00.123Z"
  })
  void readsDatesInTheirZone(String written, Instant expected) {
    assertThat(new ImportDates(null, ZoneId.of("Europe/Paris")).parse(written)).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"24/6/2016", "2016-06-24T25:00", "2016-02-30", "now", "6/24/2016 3:48 PM"})
  void leavesNoDateToGuessing(String written) {
    assertThat(new ImportDates(null, ZoneOffset.UTC).parse(written)).isEmpty();
  }

  @Test
  void readsDatesByTheirPattern() {
    ImportDates dates = new ImportDates("M/d/yyyy H:mm", ZoneId.of("America/New_York"));

    assertThat(dates.parse("6/24/2016 3:48")).hasValue(Instant.parse("2016-06-24T07:48:00Z"));
    assertThat(dates.parse("2016-06-24")).isEmpty();
    assertThat(dates.parse("2/30/2016 3:48")).isEmpty();
    assertThat(new ImportDates("uuuu-MM-dd", ZoneOffset.UTC).parse("2016-06-24")).isPresent();
    assertThat(new ImportDates("M/d/yy h:mm a", ZoneOffset.UTC).parse("6/24/16 3:48 pm"))
        .hasValue(Instant.parse("2016-06-24T15:48:00Z"));
    assertThat(new ImportDates("dd.MM.yyyy", ZoneOffset.UTC).parse("24.06.2016"))
        .hasValue(Instant.parse("2016-06-24T00:00:00Z"));
  }

  private static void refuses(
      PostImport.Options options, String file, String field, String message) {
    assertThatThrownBy(() -> reader(options, file))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            refused -> {
              assertThat(refused.errors().getFirst().field()).isEqualTo(field);
              assertThat(refused.errors().getFirst().message()).contains(message);
            });
  }

  private static PostImport.Options options(PostImport.Format format) {
    return new PostImport.Options(format, "test", Map.of(), null, ZoneOffset.UTC);
  }

  private static PostImport.Options mapped(Map<String, String> columns) {
    return new PostImport.Options(PostImport.Format.CSV, "x", columns, null, ZoneOffset.UTC);
  }

  private static ImportReader reader(PostImport.Options options, String file) throws IOException {
    return new ImportReader(
        new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), options);
  }

  private static ImportLine single(PostImport.Options options, String line) throws IOException {
    List<ImportLine> lines = all(reader(options, line));
    assertThat(lines).hasSize(1);
    return lines.getFirst();
  }

  private static List<ImportLine> all(ImportReader reader) throws IOException {
    List<ImportLine> lines = new ArrayList<>();
    for (ImportLine line = reader.next(); line != null; line = reader.next()) {
      lines.add(line);
    }
    return lines;
  }

  private static IncomingPost good(@Nullable ImportLine line) {
    if (line instanceof ImportLine.Good good) {
      return good.post();
    }
    throw new AssertionError("expected a good line, was " + line);
  }

  private static List<FieldError> errors(ImportLine line) {
    assertThat(line).isInstanceOf(ImportLine.Bad.class);
    return ((ImportLine.Bad) line).errors();
  }
}
