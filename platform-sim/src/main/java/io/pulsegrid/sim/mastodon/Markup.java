package io.pulsegrid.sim.mastodon;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A status's text as the HTML that Mastodon makes of it. */
final class Markup {
  private static final Pattern LIVE =
      Pattern.compile(
          "(?<link>https?://[^\\s<>\"]*[^\\s<>\".,;:!?)])|(?<![\\w&])#(?<tag>\\w*\\p{L}\\w*)",
          Pattern.UNICODE_CHARACTER_CLASS);

  private Markup() {}

  static String of(String text, String server) {
    StringBuilder html = new StringBuilder();
    for (String paragraph : text.strip().split("\\n{2,}", -1)) {
      html.append("<p>").append(line(paragraph, server).replace("\n", "<br />")).append("</p>");
    }
    return html.toString();
  }

  private static String line(String text, String server) {
    StringBuilder html = new StringBuilder();
    Matcher live = LIVE.matcher(text);
    int end = 0;
    while (live.find()) {
      html.append(escape(text.substring(end, live.start())));
      String link = live.group("link");
      html.append(link != null ? link(link) : tag(String.valueOf(live.group("tag")), server));
      end = live.end();
    }
    return html.append(escape(text.substring(end))).toString();
  }

  private static String link(String url) {
    int scheme = url.indexOf("://") + 3;
    return "<a href=\"%s\" rel=\"nofollow noopener\" translate=\"no\" target=\"_blank\">"
            .formatted(escape(url))
        + "<span class=\"invisible\">%s</span><span class=\"\">%s</span></a>"
            .formatted(url.substring(0, scheme), escape(url.substring(scheme)));
  }

  private static String tag(String tag, String server) {
    return "<a href=\"%s/tags/%s\" class=\"mention hashtag\" rel=\"tag\">#<span>%s</span></a>"
        .formatted(server, tag, tag);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
