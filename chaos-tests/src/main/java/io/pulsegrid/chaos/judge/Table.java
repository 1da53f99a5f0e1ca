package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.control.Control;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Verdicts as a person reads them. */
public final class Table {
  private static final String ROW = "%-16s %6s %6s %6s %6s %6s %8s %8s %8s %8s %8s %8s %8s %8s  %s";

  private Table() {}

  public static String of(List<Verdict> verdicts, List<Control.Report> controls) {
    List<String> lines = new ArrayList<>();
    if (!verdicts.isEmpty()) {
      lines.add(
          ROW.formatted(
              "",
              "posts",
              "sent",
              "lost",
              "twice",
              "over",
              "late p50",
              "late p99",
              "caught",
              "latest",
              "refused",
              "recover",
              "verify",
              "ready",
              ""));
    }
    for (Verdict verdict : verdicts) {
      lines.add(verdict.wasTried() ? row(verdict) : skipped(verdict));
    }
    if (!controls.isEmpty()) {
      lines.add("negative controls: each must report what it loses");
      controls.forEach(control -> lines.add(row(control)));
    }
    return String.join("\n", lines.stream().map(String::stripTrailing).toList());
  }

  private static String row(Verdict verdict) {
    return ROW.formatted(
        verdict.fault(),
        verdict.load().posts(),
        verdict.load().promises(),
        verdict.findings().lost().size(),
        verdict.findings().doubled().size(),
        verdict.overLimit(),
        seconds(verdict.late().p50()),
        seconds(verdict.late().p99()),
        verdict.caught().counted(),
        seconds(verdict.caught().worst()),
        verdict.service().refused(),
        seconds(verdict.service().recoveredMillis()),
        seconds(verdict.verifyMillis()),
        seconds(verdict.readyMillis()),
        verdict.holds() ? "holds" : "DOES NOT HOLD");
  }

  private static String skipped(Verdict verdict) {
    return "%-16s skipped: %s".formatted(verdict.fault(), verdict.skipped());
  }

  private static String row(Control.Report control) {
    String verdict =
        switch (control.outcome()) {
          case REPORTED -> "reported";
          case UNNOTICED -> "NOT REPORTED";
          case SKIPPED -> "skipped";
        };
    return "%-16s %-12s  %s".formatted(control.name(), verdict, control.found());
  }

  private static String seconds(long millis) {
    return millis < 0 ? "-" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }
}
