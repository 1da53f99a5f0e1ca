package io.pulsegrid.chaos.house;

import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;

/** A rule that any house can be held to. */
record HouseRule(String name, Function<House, ArchRule> rule) {
  ArchRule of(House house) {
    return rule.apply(house).as(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
