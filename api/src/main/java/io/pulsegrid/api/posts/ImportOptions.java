package io.pulsegrid.api.posts;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.post.PostImport;
import io.swagger.v3.oas.annotations.Parameter;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an import is to be read. */
record ImportOptions(
    @Parameter(description = "for lines that name none", example = "hackernews")
        @Nullable String platform,
    @Parameter(
            description = "the stream's name for a field = ours, by commas",
            example = "id=nativeId,points=likes")
        @Nullable String map,
    @Parameter(description = "a java.time pattern; ISO-8601 and epoch numbers need none")
        @Nullable String dateFormat,
    @Parameter(description = "for dates that carry none", example = "Europe/Paris")
        @Nullable String zone) {

  PostImport.Options read(PostImport.Format format) {
    Fields fields = new Fields();
    ZoneId clock = fields.zone("zone", zone);
    Map<String, String> columns = columns(fields);
    fields.settle();
    return new PostImport.Options(
        format,
        blankToNull(platform),
        columns,
        blankToNull(dateFormat),
        clock == null ? ZoneOffset.UTC : clock);
  }

  private Map<String, String> columns(Fields fields) {
    Map<String, String> columns = new LinkedHashMap<>();
    if (map == null || map.isBlank()) {
      return columns;
    }
    for (String pair : map.split(",", -1)) {
      int equals = pair.lastIndexOf('=');
      String theirs = equals < 0 ? "" : pair.substring(0, equals).strip();
      String ours = pair.substring(equals + 1).strip();
      if (theirs.isEmpty() || ours.isEmpty()) {
        fields.reject("map", "must be pairs such as id=nativeId,points=likes; was " + pair);
      } else if (columns.put(theirs, ours) != null) {
        fields.reject("map", "names the column " + theirs + " twice");
      }
    }
    return columns;
  }

  private static @Nullable String blankToNull(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}
