package io.pulsegrid.connectors.feed;

import com.rometools.rome.feed.WireFeed;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.WireFeedInput;
import java.io.IOException;
import java.io.StringReader;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdom2.Document;
import org.jdom2.Element;
import org.jdom2.JDOMException;
import org.jdom2.filter.Filters;
import org.jdom2.input.SAXBuilder;
import org.jdom2.input.sax.XMLReaders;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document.OutputSettings;
import org.jsoup.nodes.Entities;
import org.jsoup.parser.Parser;

/** From a feed's characters to its structure: well-formed XML, no DOCTYPE, readable dates. */
final class FeedDocument {
  private static final Pattern DOCTYPE = Pattern.compile("<!DOCTYPE", Pattern.CASE_INSENSITIVE);
  private static final Pattern HTML =
      Pattern.compile("^\\s*(?:<!DOCTYPE\\s+html|<html)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern NOT_IN_XML =
      Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]");
  private static final Pattern ATOM =
      Pattern.compile("^(?:<\\?[^>]*>|<!--.*?-->|\\s)*+<feed\\b", Pattern.DOTALL);
  private static final Set<String> DATES =
      Set.of("pubDate", "published", "updated", "date", "issued", "modified", "created");
  private static final int MAX_DEPTH = 200;

  private FeedDocument() {}

  /** A feed that cannot be read, said in one sentence. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * A feed that could be read.
   *
   * @param complete false if it ended within an entry, which was left out
   */
  record Read(WireFeed feed, boolean complete) {}

  static Read read(String text) throws UnreadableException {
    String xml = NOT_IN_XML.matcher(text).replaceAll("").stripLeading();
    if (xml.isEmpty()) {
      throw new UnreadableException("the answer is empty, not a feed");
    }
    if (HTML.matcher(xml).find()) {
      throw new UnreadableException("the answer is an HTML page, not a feed");
    }
    String whole = withoutCutEntry(xml);
    Document document = parse(whole);
    mendVersion(document.getRootElement());
    mendDates(document);
    return new Read(build(document), whole.length() == xml.length());
  }

  /** ROME knows a feed by its version, which careless ones leave out or make up. */
  private static void mendVersion(Element root) {
    String version = root.getAttributeValue("version", "");
    if (root.getName().equalsIgnoreCase("rss") && !version.matches("0\\.9[0-4]|2\\.0")) {
      root.setName("rss");
      root.setAttribute("version", "2.0");
    }
  }

  /** ROME reads the dates of the standards; ours reads more, so dates are put in its form. */
  private static void mendDates(Document document) {
    List<Element> dates = new ArrayList<>();
    for (Element element : document.getDescendants(Filters.element())) {
      if (DATES.contains(element.getName()) && element.getChildren().isEmpty()) {
        dates.add(element);
      }
    }
    for (Element date : dates) {
      FeedDates.parse(date.getText())
          .ifPresent(at -> date.setText(at.truncatedTo(ChronoUnit.SECONDS).toString()));
    }
  }

  private static Document parse(String xml) throws UnreadableException {
    try {
      return builder().build(new StringReader(xml));
    } catch (JDOMException malformed) {
      if (refusesDoctype(malformed, xml)) {
        throw new UnreadableException(
            "the feed has a DOCTYPE, which is never read: it can make a small file grow without end");
      }
      return parseMended(xml, malformed);
    } catch (IOException impossible) {
      throw new IllegalStateException("a string can be read", impossible);
    }
  }

  /**
   * Once more with the common mistakes mended: elements never closed, HTML's entities, bare
   * ampersands. What a lenient reader makes of it is read by the strict one again.
   */
  private static Document parseMended(String xml, JDOMException first) throws UnreadableException {
    if (!xml.contains("</item>") && !xml.contains("</entry>")) {
      throw unreadable(first);
    }
    org.jsoup.nodes.Document lenient = Jsoup.parse(xml, "", Parser.xmlParser());
    lenient
        .outputSettings()
        .syntax(OutputSettings.Syntax.xml)
        .escapeMode(Entities.EscapeMode.xhtml)
        .prettyPrint(false);
    try {
      return builder().build(new StringReader(lenient.outerHtml()));
    } catch (JDOMException malformed) {
      throw unreadable(first);
    } catch (IOException impossible) {
      throw new IllegalStateException("a string can be read", impossible);
    }
  }

  private static UnreadableException unreadable(JDOMException first) {
    return new UnreadableException("the feed is not well-formed XML: " + first.getMessage());
  }

  /** Drops a last entry that never ends: half an entry would be taken for a whole one. */
  private static String withoutCutEntry(String xml) {
    String entry = ATOM.matcher(xml).find() ? "entry" : "item";
    int opened = -1;
    int closed = -1;
    int at = xml.indexOf('<');
    while (at >= 0) {
      if (xml.startsWith("<![CDATA[", at)) {
        at = xml.indexOf("]]>", at);
      } else if (xml.startsWith("<!--", at)) {
        at = xml.indexOf("-->", at);
      } else if (isTag(xml, at, "<" + entry)) {
        opened = at;
      } else if (isTag(xml, at, "</" + entry)) {
        closed = at;
      }
      at = at < 0 ? at : xml.indexOf('<', at + 1);
    }
    return closed < opened ? xml.substring(0, opened) : xml;
  }

  private static boolean isTag(String xml, int at, String tag) {
    int end = at + tag.length();
    return xml.startsWith(tag, at)
        && (end == xml.length() || " \t\r\n/>".indexOf(xml.charAt(end)) >= 0);
  }

  private static boolean refusesDoctype(JDOMException malformed, String xml) {
    String message = String.valueOf(malformed.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("doctype") && DOCTYPE.matcher(xml).find();
  }

  private static SAXBuilder builder() {
    SAXBuilder builder = new SAXBuilder(XMLReaders.NONVALIDATING);
    builder.setExpandEntities(false);
    builder.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    builder.setFeature("http://xml.org/sax/features/external-general-entities", false);
    builder.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
    builder.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    builder.setProperty("jdk.xml.maxElementDepth", Integer.toString(MAX_DEPTH));
    return builder;
  }

  private static WireFeed build(Document document) throws UnreadableException {
    try {
      WireFeedInput input = new WireFeedInput(false, Locale.ENGLISH);
      input.setXmlHealerOn(false);
      return input.build(document);
    } catch (FeedException | IllegalArgumentException unknown) {
      throw new UnreadableException(
          "the answer is XML but neither RSS nor Atom: its root is <"
              + document.getRootElement().getName()
              + ">");
    }
  }
}
