package io.pulsegrid.node.grid.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.wire.PostWire;
import java.util.List;
import java.util.UUID;
import org.apache.ignite.Ignite;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that crosses nodes, on two of them. */
class CrossingTest {
  private static GridFixture grid;

  @BeforeAll
  static void start() {
    grid = GridFixture.of(2);
  }

  @AfterAll
  static void stop() {
    grid.close();
  }

  static List<Class<?>> travellers() {
    return Travellers.find();
  }

  @Test
  void findsJobsChangesValuesAndWhatTheyAnswer() {
    assertThat(travellers())
        .hasSizeGreaterThan(40)
        .contains(PostWire.class)
        .extracting(Class::getSimpleName)
        .contains(
            "RepairJob", "HighestPlaceJob", "Demand", "Loaded", "Ledger", "Sums", "Taken", "Grant");
  }

  @ParameterizedTest
  @MethodSource("travellers")
  void comesBackFromTheOtherNodeAsItWent(Class<?> type) throws ReflectiveOperationException {
    assertThat(type.isRecord()).as("Ignite cannot make a record of what arrives").isFalse();
    if (type.isEnum()) {
      return;
    }
    for (boolean withoutNullable : new boolean[] {false, true}) {
      Object sent = new Specimen(withoutNullable).of(type);
      Object back = there().call(new Echo(sent));
      assertThat(back).isExactlyInstanceOf(type);
      if (!Travellers.fields(type).isEmpty()) {
        assertThat(back)
            .usingRecursiveComparison(
                RecursiveComparisonConfiguration.builder().withStrictTypeChecking(true).build())
            .isEqualTo(sent);
      }
    }
  }

  private static org.apache.ignite.IgniteCompute there() {
    Ignite here = grid.node(0);
    return here.compute(here.cluster().forRemotes());
  }

  /** Hands back what it was given, on the other node. */
  private static final class Echo implements IgniteCallable<Object> {
    private static final long serialVersionUID = 1L;

    private final Object given;
    private final UUID sender = grid.node(0).cluster().localNode().id();
    @IgniteInstanceResource private transient @Nullable Ignite ignite;

    Echo(Object given) {
      this.given = given;
    }

    @Override
    public Object call() {
      Ignite here = ignite;
      if (here == null || here.cluster().localNode().id().equals(sender)) {
        throw new IllegalStateException("not on the other node");
      }
      return given;
    }
  }
}
