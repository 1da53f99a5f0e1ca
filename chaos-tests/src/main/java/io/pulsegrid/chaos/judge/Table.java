package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.control.Control;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Verdicts as a person reads them. */
public final class Table {
  private static final String ROW =
      "%-16s %6s %6s %5s %5s %5s %8s %8s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s  %s";

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
              "armed",
              "refused",
              "write",
              "failed",
              "short",
              "recover",
              "clean",
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
    Costs costs = verdict.costs();
    return ROW.formatted(
        verdict.fault(),
        verdict.load().posts(),
        verdict.load().promises(),
        verdict.findings().lost().size(),
        verdict.findings().doubled().size(),
        verdict.overLimit(),
        seconds(costs.late().p50()),
        seconds(costs.late().p99()),
        costs.caught().counted(),
        seconds(costs.caught().worst()),
        seconds(costs.armedMillis()),
        costs.service().refused(),
        seconds(costs.service().longestWriteMillis()),
        costs.service().searchesFailed(),
        seconds(costs.service().searchesWholeMillis()),
        seconds(costs.service().recoveredMillis()),
        seconds(costs.healing().clean()),
        seconds(costs.healing().verify()),
        seconds(costs.healing().ready()),
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
