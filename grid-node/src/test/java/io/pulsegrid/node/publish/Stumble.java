package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.TokenRenewal;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.node.limits.Permits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Stops one node at one step of its work, as SIGSTOP stops a process: from that step on nothing of
 * it reaches the store or a platform, until it is let go on.
 */
final class Stumble {
  /** Where a node can be stopped. */
  enum Step {
    BEFORE_GRANT,
    AFTER_GRANT,
    BEFORE_ARM,
    AFTER_ARM,
    BEFORE_CALL,
    AFTER_CALL,
    BEFORE_SETTLE,
    AFTER_SETTLE,
    NEVER
  }

  private final Step at;
  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile boolean stopped;

  Stumble(Step at) {
    this.at = at;
  }

  Step step() {
    return at;
  }

  boolean isStopped() {
    return stopped;
  }

  void goOn() {
    goOn.countDown();
  }

  private void pass(Step step) {
    if (step == at) {
      stopped = true;
    }
    pass();
  }

  private void pass() {
    if (!stopped) {
      return;
    }
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The node's way to the store. */
  DataSource store(DataSource database) {
    return new DelegatingDataSource(database) {
      @Override
      public Connection getConnection() throws SQLException {
        pass();
        return super.getConnection();
      }
    };
  }

  JdbcTemplate statements(DataSource database) {
    return new JdbcTemplate(database) {
      @Override
      public <T> List<T> query(
          String sql, @Nullable PreparedStatementSetter setter, RowMapper<T> mapper)
          throws DataAccessException {
        boolean arms = sql.contains("arm_token = ?, armed_by");
        boolean settles = sql.contains("told_story");
        if (arms || settles) {
          pass(arms ? Step.BEFORE_ARM : Step.BEFORE_SETTLE);
        }
        List<T> rows = super.query(sql, setter, mapper);
        if ((arms || settles) && !rows.isEmpty()) {
          pass(arms ? Step.AFTER_ARM : Step.AFTER_SETTLE);
        }
        return rows;
      }
    };
  }

  /** The node's way to the platform. */
  Publisher calls(Publisher platform) {
    return new Publisher() {
      @Override
      public String platform() {
        return platform.platform();
      }

      @Override
      public List<FieldError> check(Channel.Spec spec, Channel.Credentials credentials) {
        return platform.check(spec, credentials);
      }

      @Override
      public List<Measure> measure(Channel.Spec spec, String text) {
        return platform.measure(spec, text);
      }

      @Override
      public List<FieldError> check(Channel.Spec spec, String text) {
        return platform.check(spec, text);
      }

      @Override
      public Identity identify(
          Channel.Spec spec, Channel.Credentials credentials, Deadline deadline) {
        return platform.identify(spec, credentials, deadline);
      }

      @Override
      public Optional<TokenRenewal> renewal() {
        return platform.renewal();
      }

      @Override
      public Answer publish(Call call) {
        pass(Step.BEFORE_CALL);
        Answer answer = platform.publish(call);
        pass(Step.AFTER_CALL);
        return answer;
      }

      @Override
      public Probe probe(Call call, Instant firstCallAt, Set<String> claimed) {
        pass();
        return platform.probe(call, firstCallAt, claimed);
      }

      @Override
      public boolean confuses(String text, String other) {
        return platform.confuses(text, other);
      }
    };
  }

  /**
   * The node's permits.
   *
   * @param only the one channel that it may publish on; null for any
   */
  Permits permits(Permits permits, @Nullable String only) {
    return new Permits() {
      @Override
      public List<Grant> grantAll(List<Wanted> wanted, List<Ended> ended, Instant now) {
        List<Wanted> allowed =
            wanted.stream().filter(one -> only == null || only.equals(one.channelId())).toList();
        Iterator<Grant> granted = List.<Grant>of().iterator();
        if (!allowed.isEmpty()) {
          pass(Step.BEFORE_GRANT);
          granted = permits.grantAll(allowed, ended, now).iterator();
          pass(Step.AFTER_GRANT);
        } else {
          permits.ended(ended);
        }
        List<Grant> grants = new ArrayList<>();
        for (Wanted one : wanted) {
          grants.add(
              allowed.contains(one) ? granted.next() : new Grant(List.of(), now.plusSeconds(600)));
        }
        return grants;
      }

      @Override
      public void ended(List<Ended> calls) {
        pass();
        permits.ended(calls);
      }

      @Override
      public void release(Permit permit) {
        pass();
        permits.release(permit);
      }

      @Override
      public void throttled(String scope, Instant until, String reason) {
        pass();
        permits.throttled(scope, until, reason);
      }
    };
  }
}
