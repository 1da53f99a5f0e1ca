package io.pulsegrid.connectors.feed;

import com.rometools.rome.feed.WireFeed;
import com.rometools.rome.feed.atom.Content;
import com.rometools.rome.feed.atom.Feed;
import com.rometools.rome.feed.module.DCModule;
import com.rometools.rome.feed.module.Extendable;
import com.rometools.rome.feed.rss.Category;
import com.rometools.rome.feed.rss.Channel;
import com.rometools.rome.feed.rss.Guid;
import com.rometools.rome.feed.rss.Item;
import com.rometools.rome.feed.synd.SyndPerson;
import io.pulsegrid.connectors.text.PlainText;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The entries of a feed of either family, in the feed's order. */
final class Entries {
  private static final Pattern MAIL_AND_NAME =
      Pattern.compile("[^\\s@]++@[^\\s(]++\\s*+\\((.+)\\)");

  private Entries() {}

  static List<Entry> of(WireFeed feed) {
    return switch (feed) {
      case Channel channel ->
          channel.getItems().stream().map(item -> ofItem(item, channel.getLanguage())).toList();
      case Feed atom -> atom.getEntries().stream().map(entry -> ofEntry(entry, atom)).toList();
      default -> List.of();
    };
  }

  private static Entry ofItem(Item item, @Nullable String language) {
    @Nullable Guid guid = item.getGuid();
    @Nullable String link = item.getLink();
    // Without a guid, ROME puts the link where RDF's about stands.
    @Nullable String about = Objects.equals(item.getUri(), link) ? null : item.getUri();
    @Nullable String id = guid == null ? about : guid.getValue();
    if (link == null && guid != null && guid.isPermaLink()) {
      link = guid.getValue();
    }
    Optional<DCModule> dublinCore = dublinCore(item);
    Optional<String> text =
        Optional.ofNullable(item.getContent())
            .flatMap(content -> PlainText.ofHtml(content.getValue()))
            .or(
                () ->
                    Optional.ofNullable(item.getDescription())
                        .flatMap(description -> PlainText.ofHtml(description.getValue())))
            .or(() -> Markup.description(item.getForeignMarkup()));
    Optional<String> author =
        dublinCore
            .flatMap(module -> PlainText.ofPerhapsHtml(module.getCreator()))
            .or(() -> PlainText.ofPerhapsHtml(item.getAuthor()).map(Entries::nameOnly));
    List<String> tags =
        item.getCategories().stream().map(Category::getValue).filter(Objects::nonNull).toList();
    return new Entry(
        new Entry.Identity(id, link),
        PlainText.ofPerhapsHtml(item.getTitle())
            .or(() -> dublinCore.flatMap(module -> PlainText.ofPerhapsHtml(module.getTitle()))),
        text,
        author,
        new Entry.Labels(language, tags),
        List.of(
            instant(item.getPubDate()), dublinCore.flatMap(module -> instant(module.getDate()))),
        Markup.engagement(item.getForeignMarkup()));
  }

  private static Entry ofEntry(com.rometools.rome.feed.atom.Entry entry, Feed feed) {
    Optional<String> text =
        entry.getContents().stream()
            .flatMap(content -> textOf(content).stream())
            .findFirst()
            .or(() -> textOf(entry.getSummary()))
            .or(() -> Markup.description(entry.getForeignMarkup()));
    @Nullable String link =
        Stream.concat(entry.getAlternateLinks().stream(), entry.getOtherLinks().stream())
            .filter(each -> each.getRel() == null || each.getRel().equals("alternate"))
            .map(each -> each.getHrefResolved() == null ? each.getHref() : each.getHrefResolved())
            .findFirst()
            .orElse(null);
    Optional<String> author =
        Stream.concat(entry.getAuthors().stream(), feed.getAuthors().stream())
            .map(SyndPerson::getName)
            .flatMap(name -> PlainText.line(name).stream())
            .findFirst();
    List<String> tags =
        entry.getCategories().stream()
            .map(each -> each.getLabel() == null ? each.getTerm() : each.getLabel())
            .filter(Objects::nonNull)
            .toList();
    return new Entry(
        new Entry.Identity(entry.getId(), link),
        textOf(entry.getTitleEx()).flatMap(PlainText::line),
        text,
        author,
        new Entry.Labels(feed.getLanguage(), tags),
        List.of(
            instant(entry.getPublished()),
            instant(entry.getUpdated()),
            dublinCore(entry).flatMap(module -> instant(module.getDate()))),
        Markup.engagement(entry.getForeignMarkup()));
  }

  private static Optional<String> textOf(@Nullable Content content) {
    if (content == null || content.getValue() == null) {
      return Optional.empty();
    }
    String type = content.getType() == null ? Content.TEXT : content.getType();
    if (type.contains("html")) {
      return PlainText.ofHtml(content.getValue());
    }
    return type.startsWith("text") ? PlainText.tidy(content.getValue()) : Optional.empty();
  }

  private static Optional<DCModule> dublinCore(Extendable entry) {
    return Optional.ofNullable((DCModule) entry.getModule(DCModule.URI));
  }

  private static Optional<Instant> instant(@Nullable Date date) {
    return Optional.ofNullable(date).map(Date::toInstant);
  }

  private static String nameOnly(String author) {
    Matcher matcher = MAIL_AND_NAME.matcher(author);
    return matcher.matches() ? matcher.group(1) : author;
  }
}
