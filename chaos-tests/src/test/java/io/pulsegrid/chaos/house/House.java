package io.pulsegrid.chaos.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/**
 * A house of modules below one package: Pulsegrid's own, or the crooked one of this test's fixtures
 * that breaks every rule.
 */
record House(String root) {
  static final House PULSEGRID = new House("io.pulsegrid");
  static final House CROOKED = new House("io.pulsegrid.chaos.crooked");

  /** Its classes; Pulsegrid's own without its tests. */
  JavaClasses classes() {
    return equals(PULSEGRID)
        ? new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(root)
        : new ClassFileImporter().importPackages(root);
  }

  /** Everything of a module or package, such as {@code node.store}. */
  String in(String packages) {
    return root + "." + packages + "..";
  }

  /** A single package without those below it. */
  String only(String packageName) {
    return root + "." + packageName;
  }
}
