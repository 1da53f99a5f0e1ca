package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlTest extends FrontTest {
  private static final String ASK = "{\"query\":\"SELECT 1\",\"limit\":7}";

  @Test
  void asksInTheNameOfTheKeysWorkspace() {
    Http.Answer answer = reader.post("/api/v1/sql", ASK);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .contains("\"rows\":[[\"SELECT 1\",\"default\",7,null]],\"more\":false");
    assertThat(other.post("/api/v1/sql", ASK).text()).contains("\"other\"");
  }

  @Test
  void refusesWhatCannotBeAsked() {
    assertProblem(nobody.post("/api/v1/sql", ASK), 401, "unauthenticated");
    assertInvalid(reader.post("/api/v1/sql", "{\"query\":\" \"}"), "query");
    assertInvalid(reader.post("/api/v1/sql", "{\"query\":\"SELECT 1\",\"limit\":0}"), "limit");
  }
}
