package io.pulsegrid.sim.feeds;

import io.pulsegrid.sim.world.Piece;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A feed's pieces as RSS 2.0 or Atom. */
final class FeedXml {
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newFactory();
  private static final String ATOM = "http://www.w3.org/2005/Atom";
  private static final String DUBLIN_CORE = "http://purl.org/dc/elements/1.1/";

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;

  private FeedXml() throws XMLStreamException {
    xml = FACTORY.createXMLStreamWriter(text);
    xml.writeStartDocument("UTF-8", "1.0");
  }

  static String rss(String name, String address, List<Piece> pieces, Instant updated) {
    return written(feed -> feed.writeRss(name, address, pieces, updated));
  }

  static String atom(String name, String address, List<Piece> pieces, Instant updated) {
    return written(feed -> feed.writeAtom(name, address, pieces, updated));
  }

  private void writeRss(String name, String address, List<Piece> pieces, Instant updated)
      throws XMLStreamException {
    xml.writeStartElement("rss");
    xml.writeAttribute("version", "2.0");
    xml.writeNamespace("dc", DUBLIN_CORE);
    xml.writeStartElement("channel");
    element("title", title(name));
    element("link", address);
    element("description", "What is new in " + name);
    element("lastBuildDate", rfc1123(updated));
    element("ttl", "5");
    for (Piece piece : pieces) {
      xml.writeStartElement("item");
      element("title", piece.wording().headline());
      element("link", piece.url());
      xml.writeStartElement("guid");
      xml.writeAttribute("isPermaLink", "false");
      xml.writeCharacters(id(piece));
      xml.writeEndElement();
      element("pubDate", rfc1123(piece.at()));
      xml.writeStartElement("dc", "creator", DUBLIN_CORE);
      xml.writeCharacters(piece.author());
      xml.writeEndElement();
      for (String tag : piece.wording().tags()) {
        element("category", tag);
      }
      element("description", "<p>" + piece.wording().text() + "</p>");
      xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private void writeAtom(String name, String address, List<Piece> pieces, Instant updated)
      throws XMLStreamException {
    xml.writeStartElement("feed");
    xml.writeDefaultNamespace(ATOM);
    element("id", address);
    element("title", title(name));
    element("updated", updated.toString());
    link("self", address);
    for (Piece piece : pieces) {
      xml.writeStartElement("entry");
      element("id", id(piece));
      element("title", piece.wording().headline());
      link("alternate", piece.url());
      element("published", piece.at().toString());
      element("updated", piece.at().toString());
      xml.writeStartElement("author");
      element("name", piece.author());
      xml.writeEndElement();
      for (String tag : piece.wording().tags()) {
        xml.writeEmptyElement("category");
        xml.writeAttribute("term", tag);
      }
      element("summary", piece.wording().text());
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private void element(String name, String value) throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }

  private void link(String rel, String href) throws XMLStreamException {
    xml.writeEmptyElement("link");
    xml.writeAttribute("rel", rel);
    xml.writeAttribute("href", href);
  }

  /** The date form of RSS and of HTTP. */
  static String rfc1123(Instant instant) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
  }

  private static String title(String name) {
    return "The made-up " + name;
  }

  private static String id(Piece piece) {
    return "urn:sim:feeds:" + piece.number();
  }

  @FunctionalInterface
  private interface Body {
    void writeTo(FeedXml feed) throws XMLStreamException;
  }

  private static String written(Body body) {
    try {
      FeedXml feed = new FeedXml();
      body.writeTo(feed);
      feed.xml.writeEndDocument();
      return feed.text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a feed could not be written", e);
    }
  }
}
