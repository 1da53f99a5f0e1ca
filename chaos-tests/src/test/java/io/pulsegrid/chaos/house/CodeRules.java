package io.pulsegrid.chaos.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** How code is written: null, time and chance, and what crosses nodes. */
final class CodeRules {
  /** What must come in through a constructor, as owner and method names. */
  private static final Map<String, Set<String>> AMBIENT =
      Map.ofEntries(
          Map.entry("java.time.Instant", Set.of("now")),
          Map.entry("java.time.LocalDate", Set.of("now")),
          Map.entry("java.time.LocalDateTime", Set.of("now")),
          Map.entry("java.time.ZonedDateTime", Set.of("now")),
          Map.entry("java.time.InstantSource", Set.of("system")),
          Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
          Map.entry("java.lang.System", Set.of("currentTimeMillis")),
          Map.entry("java.lang.Thread", Set.of("sleep")),
          Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep")),
          Map.entry("java.util.UUID", Set.of("randomUUID")),
          Map.entry("java.util.Random", Set.of("<init>")),
          Map.entry("java.security.SecureRandom", Set.of("<init>")),
          Map.entry("java.lang.Math", Set.of("random")));

  private static final Set<String> AMBIENT_OWNERS =
      Set.of("java.util.concurrent.Executors", "java.util.concurrent.ThreadLocalRandom");

  private static final Set<String> CARRIED =
      Set.of(
          "org.apache.ignite.binary.Binarylizable",
          "org.apache.ignite.cache.CacheEntryProcessor",
          "org.apache.ignite.lang.IgniteCallable",
          "org.apache.ignite.lang.IgniteRunnable",
          "org.apache.ignite.lang.IgniteClosure",
          "org.apache.ignite.lang.IgniteBiPredicate",
          "org.apache.ignite.compute.ComputeJob");

  private CodeRules() {}

  static List<HouseRule> all() {
    return List.of(
        new HouseRule("every package is @NullMarked", CodeRules::nullMarked),
        new HouseRule(
            "time, chance and executors come in through the constructor",
            CodeRules::nothingAmbient),
        new HouseRule("no records cross Ignite", CodeRules::noRecordsCross));
  }

  private static ArchRule nullMarked(House house) {
    return classes()
        .that()
        .resideInAPackage(house.root() + "..")
        .should(
            condition(
                "be in a package that is @NullMarked",
                (javaClass, events) ->
                    events.add(
                        new SimpleConditionEvent(
                            javaClass,
                            javaClass.getPackage().isAnnotatedWith(NullMarked.class),
                            javaClass.getPackageName() + " is judged by its package-info"))));
  }

  /**
   * Programs are where the world's time comes from: the wiring of a node, the launcher's commands
   * and the Postgres that it starts, the stand-in's own start, measurements and experiments.
   */
  private static ArchRule nothingAmbient(House house) {
    return noClasses()
        .that(resideInAPackage(house.root() + ".."))
        .and()
        .resideOutsideOfPackages(
            house.in("node.wiring"),
            house.in("node.launch"),
            house.in("node.store.embedded"),
            house.only("sim"),
            house.only("client"),
            house.in("bench"),
            house.in("chaos"))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe("reads clock, chance or executors", CodeRules::isAmbient));
  }

  private static boolean isAmbient(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    return AMBIENT_OWNERS.contains(owner)
        || AMBIENT.getOrDefault(owner, Set.of()).contains(access.getTarget().getName());
  }

  private static ArchRule noRecordsCross(House house) {
    return classes()
        .that(resideInAPackage(house.root() + ".."))
        .and(
            DescribedPredicate.describe(
                "are carried by Ignite",
                (JavaClass it) -> CARRIED.stream().anyMatch(it::isAssignableTo)))
        .should(condition("neither be a record nor hold one", CodeRules::judgeCarried));
  }

  private static void judgeCarried(JavaClass carried, ConditionEvents events) {
    events.add(
        new SimpleConditionEvent(carried, !carried.isRecord(), carried.getName() + " is a record"));
    for (JavaField field : carried.getFields()) {
      boolean travels =
          !field.getModifiers().contains(JavaModifier.STATIC)
              && !field.getModifiers().contains(JavaModifier.TRANSIENT);
      boolean isRecord = field.getAllInvolvedRawTypes().stream().anyMatch(JavaClass::isRecord);
      events.add(
          new SimpleConditionEvent(
              field, !(travels && isRecord), field.getFullName() + " holds a record"));
    }
  }

  private interface Judgement {
    void judge(JavaClass javaClass, ConditionEvents events);
  }

  private static ArchCondition<JavaClass> condition(String description, Judgement judgement) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        judgement.judge(item, events);
      }
    };
  }
}
