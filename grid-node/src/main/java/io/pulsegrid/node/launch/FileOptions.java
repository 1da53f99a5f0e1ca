package io.pulsegrid.node.launch;

import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.node.config.SettingRefused;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a file of posts is to be read. */
final class FileOptions {
  @Option(
      names = "--platform",
      paramLabel = "P",
      description = "the platform of lines that name none")
  private @Nullable String platform;

  @Option(
      names = "--map",
      paramLabel = "a=b,...",
      description = "columns: the file's name = ours, such as id=nativeId,points=likes")
  private @Nullable String map;

  @Option(
      names = "--date-format",
      paramLabel = "F",
      description = "of dates that are neither ISO-8601 nor epoch numbers")
  private @Nullable String dateFormat;

  @Option(names = "--zone", paramLabel = "Z", description = "of dates that carry none (UTC)")
  private @Nullable String zone;

  /** As the API's parameters, for a node that reads the file. */
  String query() {
    var pairs = new ArrayList<String>();
    add(pairs, "platform", platform);
    add(pairs, "map", map);
    add(pairs, "dateFormat", dateFormat);
    add(pairs, "zone", zone);
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  /** For reading the file here. */
  PostImport.Options options(PostImport.Format format) {
    return new PostImport.Options(format, platform, columns(), dateFormat, clock());
  }

  private Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    if (map == null) {
      return columns;
    }
    for (String pair : map.split(",", -1)) {
      int equals = pair.lastIndexOf('=');
      String theirs = equals < 0 ? "" : pair.substring(0, equals).strip();
      String ours = pair.substring(equals + 1).strip();
      if (theirs.isEmpty() || ours.isEmpty()) {
        throw new SettingRefused(
            "--map must be pairs such as id=nativeId,points=likes, was " + pair);
      }
      if (columns.put(theirs, ours) != null) {
        throw new SettingRefused("--map names the column " + theirs + " twice");
      }
    }
    return columns;
  }

  private ZoneId clock() {
    try {
      return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
    } catch (DateTimeException unknown) {
      throw new SettingRefused("--zone must be a time zone such as Europe/Paris, was " + zone);
    }
  }

  /** What the API says of its parameters, said of the options that stand for them here. */
  static String inOptions(String words) {
    return words
        .replace("give platform=", "give --platform")
        .replace("give dateFormat=", "give --date-format")
        .replace("dateFormat:", "--date-format:")
        .replace("map:", "--map:");
  }

  private static void add(List<String> pairs, String name, @Nullable String value) {
    if (value != null) {
      pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }
}
