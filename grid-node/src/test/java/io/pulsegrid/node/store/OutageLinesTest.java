package io.pulsegrid.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.pulsegrid.core.failure.PulsegridException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class OutageLinesTest {
  private final AtomicLong nanos = new AtomicLong(-7);
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final Logger log = context.getLogger("publish.Gate");
  private final OutageLines lines = new OutageLines(context, nanos::get);

  OutageLinesTest() {
    context.start();
    appender.setContext(context);
    appender.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    lines.begin();
  }

  @AfterEach
  void end() {
    context.stop();
  }

  @Test
  void saysWhatFailedInOneLineWithItsCause() {
    log.warn("The store does not answer", wrapped(refused()));
    log.error("Tidying up {} failed; the next try is in {}", "alerts", "PT10M", refused());
    log.warn("MisfireHandler: " + refused().getMessage(), refused());

    assertThat(written()).hasSize(3);
    assertThat(written().get(0))
        .startsWith("WARN The store does not answer: Connection to localhost:1 refused");
    assertThat(written().get(1))
        .startsWith("ERROR Tidying up alerts failed; the next try is in PT10M: Connection to");
    assertThat(written().get(2))
        .startsWith("WARN MisfireHandler: Connection to localhost:1 refused")
        .containsOnlyOnce("refused");
  }

  @Test
  void saysTheSameOnceAMinuteAndHowOftenItWas() {
    for (int second = 0; second <= 60; second++) {
      log.warn("visit {} failed", second, refused());
      passes(Duration.ofSeconds(1));
    }

    assertThat(written()).hasSize(2);
    assertThat(written().getLast())
        .startsWith("WARN visit 60 failed: ")
        .endsWith(" (and 59 times more since it was last said)");
  }

  @Test
  void saysOnceThatItIsOver() {
    lines.answered();
    assertThat(written()).isEmpty();

    log.warn("first", refused());
    passes(Duration.ofSeconds(30));
    log.warn("second", refused());
    lines.answered();
    assertThat(written()).as("it failed just now").hasSize(2);

    passes(Duration.ofSeconds(10));
    lines.answered();
    lines.answered();
    assertThat(written().subList(2, written().size()))
        .containsExactly(
            "INFO The store answers again; what failed for want of it did so for 30 s");

    log.warn("first", refused());
    assertThat(written().getLast()).as("a new outage").startsWith("WARN first: ");
  }

  @Test
  void leavesEverythingElseAlone() {
    log.setLevel(Level.ERROR);
    log.warn("not written at this level", refused());
    log.error("no failure of the store", new IllegalStateException("a bug"));
    log.error("a statement at fault", new SQLException("syntax error", "42601"));

    assertThat(written())
        .contains("ERROR no failure of the store", "java.lang.IllegalStateException: a bug")
        .contains("ERROR a statement at fault", "java.sql.SQLException: syntax error")
        .anyMatch(line -> line.startsWith("\tat "))
        .noneMatch(line -> line.contains("not written"));
  }

  @Test
  void leavesTheLogAloneOnceItHasEnded() {
    lines.end();
    log.warn("with its trace", refused());

    assertThat(written()).anyMatch(line -> line.startsWith("\tat "));
  }

  private void passes(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private List<String> written() {
    return appender.list.stream().flatMap(OutageLinesTest::lines).toList();
  }

  /** As a file has it. */
  private static Stream<String> lines(ILoggingEvent event) {
    String first = event.getLevel() + " " + event.getFormattedMessage();
    @Nullable IThrowableProxy thrown = event.getThrowableProxy();
    return Stream.concat(
        first.lines(),
        thrown == null ? Stream.empty() : ThrowableProxyUtil.asString(thrown).lines());
  }

  /** What the driver says where nobody listens. */
  private static SQLException refused() {
    var source = new PGSimpleDataSource();
    source.setUrl("jdbc:postgresql://localhost:1/none");
    try (Connection _ = source.getConnection("nobody", "")) {
      throw new AssertionError("somebody listens at port 1");
    } catch (SQLException refused) {
      return refused;
    }
  }

  private static PulsegridException wrapped(SQLException failure) {
    return PulsegridException.unavailable(
        "the store does not answer", Duration.ofSeconds(5), failure);
  }
}
