package io.sotto.server.mosquitto;

import io.sotto.server.mosquitto.Finding.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What became of each directive, in the order of the files.
public final class Report {
    private final Map<String, Integer> order = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    Report() {}

    /// Files appear in the report in the order in which they were read.
    void reads(String file) {
        order.putIfAbsent(file, order.size());
    }

    void add(Directive directive, Verdict verdict, String words) {
        findings.add(new Finding(directive, verdict, words));
    }

    void imported(Directive directive, String words) {
        add(directive, Verdict.IMPORTED, words);
    }

    void refuse(Directive directive, String words) {
        add(directive, Verdict.REFUSED, words);
    }

    public List<Finding> findings() {
        return findings.stream()
                .sorted(
                        Comparator.comparingInt((Finding finding) ->
                                        order.getOrDefault(finding.directive().file(), 0))
                                .thenComparingInt(finding -> finding.directive().line()))
                .toList();
    }

    /// What stands in the way.
    public List<Finding> refusals() {
        return findings().stream().filter(finding -> finding.verdict() == Verdict.REFUSED).toList();
    }

    /// Whether something was left behind that Mosquitto would have done.
    public boolean hasLosses() {
        return findings.stream()
                .anyMatch(finding ->
                        finding.verdict() == Verdict.NOT_SUPPORTED
                                || finding.verdict() == Verdict.BRIDGE);
    }

    /// How many directives became what, in one line.
    public String summary() {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        findings.forEach(finding -> counts.merge(finding.verdict(), 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        counts.forEach((verdict, count) -> parts.add(count + " " + verdict.label()));
        return parts.isEmpty() ? "no directives" : String.join(", ", parts);
    }
}
