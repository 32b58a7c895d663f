package io.sotto.server.mosquitto;

import io.sotto.server.mosquitto.Finding.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
        Finding finding = new Finding(directive, verdict, words);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }

    void imported(Directive directive, String words) {
        add(directive, Verdict.IMPORTED, words);
    }

    void refuse(Directive directive, String words) {
        add(directive, Verdict.REFUSED, words);
    }

    /// What is refused is nothing else, and that once.
    public List<Finding> findings() {
        Set<Directive> refused =
                findings.stream()
                        .filter(finding -> finding.verdict() == Verdict.REFUSED)
                        .map(Finding::directive)
                        .collect(Collectors.toSet());
        return findings.stream()
                .filter(finding ->
                        finding.verdict() == Verdict.REFUSED
                                || !refused.contains(finding.directive()))
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
        findings().forEach(finding -> counts.merge(finding.verdict(), 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        counts.forEach((verdict, count) -> parts.add(count + " " + verdict.label()));
        return parts.isEmpty() ? "no directives" : String.join(", ", parts);
    }
}
