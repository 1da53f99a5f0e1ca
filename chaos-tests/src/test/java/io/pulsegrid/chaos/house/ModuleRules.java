package io.pulsegrid.chaos.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Who may know whom among the modules. */
final class ModuleRules {
  private ModuleRules() {}

  static List<HouseRule> all() {
    return List.of(
        new HouseRule("core depends on the JDK and jspecify alone", ModuleRules::coreIsAlone),
        new HouseRule("connectors know of ours only core", house -> knowsCore(house, "connectors")),
        new HouseRule("compute-tasks know of ours only core", house -> knowsCore(house, "compute")),
        new HouseRule("api knows of ours only core", house -> knowsCore(house, "api")),
        new HouseRule(
            "grid-node knows of ours core, connectors, compute-tasks and api",
            house -> knows(house, "node", "core", "connectors", "compute", "api", "node")),
        new HouseRule(
            "client stands on the JDK, Ignite, Jackson and slf4j alone",
            ModuleRules::clientIsAlone),
        new HouseRule("platform-sim stands on the JDK and Jackson alone", ModuleRules::simIsAlone));
  }

  private static ArchRule coreIsAlone(House house) {
    return classes()
        .that()
        .resideInAPackage(house.in("core"))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", house.in("core")));
  }

  private static ArchRule simIsAlone(House house) {
    return classes()
        .that()
        .resideInAPackage(house.in("sim"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "javax.crypto..",
                "javax.xml..",
                "com.sun.net.httpserver..",
                "org.jspecify..",
                "tools.jackson..",
                house.in("sim")));
  }

  private static ArchRule clientIsAlone(House house) {
    return classes()
        .that()
        .resideInAPackage(house.in("client"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "org.jspecify..",
                "com.google.errorprone.annotations..",
                "org.apache.ignite..",
                "tools.jackson..",
                "com.fasterxml.jackson.annotation..",
                "org.slf4j..",
                house.in("client")));
  }

  private static ArchRule knowsCore(House house, String module) {
    return knows(house, module, "core", module);
  }

  private static ArchRule knows(House house, String module, String... known) {
    String[] packages = List.of(known).stream().map(house::in).toArray(String[]::new);
    DescribedPredicate<JavaClass> stranger =
        resideInAPackage(house.root() + "..")
            .and(DescribedPredicate.not(resideInAnyPackage(packages)));
    return noClasses()
        .that(resideInAPackage(house.in(module)))
        .should()
        .dependOnClassesThat(stranger.as("reside in another module of ours"));
  }
}
