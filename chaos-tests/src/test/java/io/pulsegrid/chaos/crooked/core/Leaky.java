package io.pulsegrid.chaos.crooked.core;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.apache.ignite.Ignite;
import org.apache.lucene.document.Document;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** A domain that knows grid, index, web, JSON, and the time of day. */
public interface Leaky {
  Ignite grid();

  Document document();

  Environment environment();

  JsonNode json();

  Connection connection();

  SQLException failure();

  static Instant now() {
    return Instant.now();
  }
}
