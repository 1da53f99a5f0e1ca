package io.pulsegrid.chaos.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the big libraries may be seen. Bench and chaos may see all: the one measures them bare as
 * peers, the other shows what they lose by themselves.
 */
final class LibraryRules {
  private static final String SPRING = "org.springframework..";
  private static final String[] JDBC = {
    "java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.postgresql.."
  };

  private LibraryRules() {}

  static List<HouseRule> all() {
    return List.of(
        stays("Ignite stays in grid-node and client", "org.apache.ignite..", "node", "client"),
        stays(
            "Ignite's internals stay where grid-node guards its ports",
            "org.apache.ignite.internal..",
            "node.grid.security"),
        stays("Lucene stays in its packages", "org.apache.lucene..", "compute.index"),
        stays("DJL stays in its package", "ai.djl..", "compute.embedding"),
        stays("ONNX Runtime stays in its package", "ai.onnxruntime..", "compute.embedding"),
        new HouseRule("JDBC stays in the store and what wires it", LibraryRules::jdbcStays),
        new HouseRule(
            "only listening sees that the store's database failed", LibraryRules::failuresAreTold),
        new HouseRule("Spring stays in api and grid-node's edges", LibraryRules::springStays),
        onlyFromSpring(
            "grid-node's config knows Spring as the binder of its records",
            "node.config",
            "org.springframework.boot.context.properties.."),
        onlyFromSpring(
            "grid-node's store knows of Spring JDBC and transactions",
            "node.store",
            "org.springframework.jdbc..",
            "org.springframework.transaction..",
            "org.springframework.dao.."));
  }

  private static ArchRule jdbcStays(House house) {
    return noClasses()
        .that(resideInAPackage(house.root() + ".."))
        .and()
        .resideOutsideOfPackages(
            house.in("node.store"), house.in("node.wiring"), house.in("bench"), house.in("chaos"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(JDBC)
                .and(not(type(SQLException.class)))
                .as("belong to JDBC, its exception apart"));
  }

  /**
   * Listening stops and tries again when the database is away; all others are told in our words.
   */
  private static ArchRule failuresAreTold(House house) {
    return noClasses()
        .that(resideInAPackage(house.root() + ".."))
        .and()
        .resideOutsideOfPackages(
            house.in("node.store"),
            house.in("node.wiring"),
            house.in("node.listen"),
            house.in("bench"),
            house.in("chaos"))
        .should()
        .dependOnClassesThat(type(SQLException.class));
  }

  private static ArchRule springStays(House house) {
    return noClasses()
        .that(resideInAPackage(house.root() + ".."))
        .and()
        .resideOutsideOfPackages(
            house.in("api"),
            house.only("node"),
            house.in("node.wiring"),
            house.in("node.config"),
            house.in("node.store"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SPRING);
  }

  private static HouseRule onlyFromSpring(String name, String home, String... allowed) {
    return new HouseRule(
        name,
        house ->
            noClasses()
                .that()
                .resideInAPackage(house.in(home))
                .should()
                .dependOnClassesThat(
                    resideInAPackage(SPRING)
                        .and(not(resideInAnyPackage(allowed)))
                        .as("are another part of Spring")));
  }

  private static HouseRule stays(String name, String library, String... homes) {
    return new HouseRule(
        name,
        house ->
            noClasses()
                .that(resideInAPackage(house.root() + ".."))
                .and()
                .resideOutsideOfPackages(
                    Stream.concat(Stream.of(homes), Stream.of("bench", "chaos"))
                        .map(house::in)
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library));
  }
}
