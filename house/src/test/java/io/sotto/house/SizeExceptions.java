package io.sotto.house;

import io.sotto.house.SizeRules.Excess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The list of things that are larger than their rule, which can only shrink: what grows beyond its
/// entry is a fault, and so is an entry that is larger than needed.
///
/// A line reads `rule measured subject`; blank lines and lines that begin with `#` are skipped.
record SizeExceptions(Map<String, Integer> entries) {

    static SizeExceptions parse(List<String> lines) {
        Map<String, Integer> entries = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.strip().split(" ", 3);
            if (parts.length != 3 || !parts[1].matches("\\d{1,6}")) {
                throw new IllegalArgumentException("not `rule measured subject`: " + line);
            }
            entries.put(parts[0] + " " + parts[2], Integer.parseInt(parts[1]));
        }
        return new SizeExceptions(entries);
    }

    /// What is wrong, one sentence each; empty when the project keeps its sizes.
    List<String> faults(List<Excess> found) {
        Map<String, Integer> unused = new LinkedHashMap<>(entries);
        List<String> faults = new ArrayList<>();
        for (Excess excess : found) {
            Integer recorded = unused.remove(excess.rule() + " " + excess.subject());
            int allowed = recorded == null ? excess.limit() : recorded;
            if (excess.measured() > allowed) {
                faults.add(
                        "%s: %s has %d, and %d are allowed: split it"
                                .formatted(
                                        excess.rule(),
                                        excess.subject(),
                                        excess.measured(),
                                        allowed));
            } else if (excess.measured() < allowed) {
                faults.add(
                        "%s: %s shrank to %d: lower its entry from %d"
                                .formatted(
                                        excess.rule(),
                                        excess.subject(),
                                        excess.measured(),
                                        allowed));
            }
        }
        unused.keySet().forEach(entry -> faults.add("no longer needed, delete it: " + entry));
        return faults;
    }
}
