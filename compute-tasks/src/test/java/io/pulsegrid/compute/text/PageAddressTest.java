package io.pulsegrid.compute.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageAddressTest {
  private static final String ARTICLE = "https://news.example/world/Flood-in-Alberta?id=3&page=2";

  private record Page(String host, String path, List<String> parameters) {
    String at(String scheme, String host, String tail, List<String> parameters, String fragment) {
      return scheme
          + "://"
          + host
          + path
          + tail
          + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters))
          + fragment;
    }

    String plain() {
      return at("https", host, "", parameters, "");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://news.example/world/Flood-in-Alberta?id=3&page=2",
        "https://NEWS.Example/world/Flood-in-Alberta?id=3&page=2",
        "HTTPS://www.news.example:443/world/Flood-in-Alberta?id=3&page=2",
        "http://news.example:80/world/Flood-in-Alberta?page=2&id=3",
        "https://news.example/world/Flood-in-Alberta/?id=3&page=2#comments",
        "https://news.example/world/Flood%2din-Alberta?id=3&page=2",
        "https://news.example/world/Flood-in-Alberta?utm_source=rss&id=3&page=2&fbclid=Ab9",
        "https://news.example/world/Flood-in-Alberta?id=3&page=2&gclid=x&ref=home&UTM_Medium=y",
        " https://news.example/world/Flood-in-Alberta?id=3&&page=2& "
      })
  void isTheSameHoweverOneCameToThePage(String url) {
    assertThat(PageAddress.of(url)).isPresent().isEqualTo(PageAddress.of(ARTICLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://news.example/world/Flood-in-Alberta?id=4&page=2",
        "https://news.example/world/Flood-in-Alberta?id=3",
        "https://news.example/world/flood-in-alberta?id=3&page=2",
        "https://news.example/world/Flood-in-Calgary?id=3&page=2",
        "https://news.example:8443/world/Flood-in-Alberta?id=3&page=2",
        "https://blog.news.example/world/Flood-in-Alberta?id=3&page=2"
      })
  void differsForAnotherPage(String url) {
    assertThat(PageAddress.of(url)).isPresent().isNotEqualTo(PageAddress.of(ARTICLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "news",
        "ftp://news.example/a",
        "mailto:a@news.example",
        "https://",
        "https://news.example",
        "https://news.example/?utm_source=x",
        "http:///a"
      })
  void isEmptyForWhatIsNoPage(String url) {
    assertThat(PageAddress.of(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"https://a.example/%E2%82%ac, https://a.example/%e2%82%AC"})
  void readsEscapesInAnyCase(String one, String other) {
    assertThat(PageAddress.of(one)).isEqualTo(PageAddress.of(other));
  }

  @Property
  void costumeChangesNothing(
      @ForAll("pages") Page page, @ForAll("tracking") List<String> tracking, @ForAll long seed) {
    List<String> parameters = new ArrayList<>(page.parameters());
    parameters.addAll(tracking);
    Collections.shuffle(parameters, new Random(seed));
    String dressed =
        page.at(
            "http", "www." + page.host().toUpperCase(Locale.ROOT) + ":80", "/", parameters, "#top");

    assertThat(PageAddress.of(dressed)).isPresent().isEqualTo(PageAddress.of(page.plain()));
  }

  @Property
  void anIdentityIsItsOwn(@ForAll("pages") Page page) {
    String identity = PageAddress.of(page.plain()).orElseThrow();

    assertThat(PageAddress.of("https://" + identity)).contains(identity);
  }

  @Property
  void whatAPageIsAskedForTellsItApart(@ForAll("pages") Page page) {
    List<String> more = new ArrayList<>(page.parameters());
    more.add("story=other");

    assertThat(PageAddress.of(page.at("https", page.host(), "", more, "")))
        .isNotEqualTo(PageAddress.of(page.plain()));
    assertThat(PageAddress.of(page.at("https", page.host(), "/more", page.parameters(), "")))
        .isNotEqualTo(PageAddress.of(page.plain()));
  }

  @Property
  void readsAnything(@ForAll @StringLength(max = 300) String text) {
    assertThat(PageAddress.of(text)).isNotNull();
    assertThat(PageAddress.of("https://" + text)).isNotNull();
  }

  @Provide
  Arbitrary<Page> pages() {
    Arbitrary<String> name =
        Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
    Arbitrary<String> host = Combinators.combine(name, name).as((a, b) -> a + "x." + b);
    Arbitrary<String> path =
        name.list().ofMinSize(1).ofMaxSize(4).map(parts -> "/" + String.join("/", parts));
    Arbitrary<List<String>> parameters =
        Combinators.combine(name, name).as((a, b) -> "p" + a + "x=" + b).list().ofMaxSize(3);
    return Combinators.combine(host, path, parameters).as(Page::new);
  }

  @Provide
  Arbitrary<List<String>> tracking() {
    return Arbitraries.of(
            "utm_source=a",
            "utm_campaign=b",
            "UTM_Medium=c",
            "fbclid=d",
            "gclid=e",
            "ref=f",
            "mc_cid=g",
            "igshid=h")
        .list()
        .ofMaxSize(4);
  }
}
