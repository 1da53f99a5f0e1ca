package io.pulsegrid.chaos.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HouseRulesTest {
  private static final JavaClasses OURS = House.PULSEGRID.classes();
  private static final JavaClasses CROOKED = House.CROOKED.classes();

  static Stream<HouseRule> rules() {
    return Stream.of(ModuleRules.all(), LibraryRules.all(), CodeRules.all()).flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holds(HouseRule rule) {
    rule.of(House.PULSEGRID).check(OURS);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void canBeBroken(HouseRule rule) {
    assertThat(rule.of(House.CROOKED).evaluate(CROOKED).hasViolation()).isTrue();
  }
}
