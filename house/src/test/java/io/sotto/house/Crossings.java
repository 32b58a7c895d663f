package io.sotto.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The classes that more than one thread touches, as their tools give them away: an atomic, a
/// volatile field, a VarHandle or a concurrent collection. The list of them is kept by hand, so
/// that a new one is a decision.
record Crossings(SortedSet<String> listed) {

    /// Reads a line per class: its name, and behind a blank the reason.
    static Crossings parse(List<String> lines) {
        return new Crossings(
                lines.stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .map(line -> line.strip().split("\\s+", 2)[0])
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /// What is wrong, one sentence each.
    List<String> faults(Iterable<JavaClass> core) {
        SortedSet<String> found = new TreeSet<>();
        for (JavaClass type : core) {
            if (crosses(type)) {
                found.add(outermost(type));
            }
        }
        List<String> faults = new ArrayList<>();
        for (String name : found) {
            if (!listed.contains(name)) {
                faults.add(name + " is touched by several threads and is not listed with a reason");
            }
        }
        for (String name : listed) {
            if (!found.contains(name)) {
                faults.add(name + " belongs to one shard now: delete its line");
            }
        }
        return faults;
    }

    private static boolean crosses(JavaClass type) {
        return type.getFields().stream()
                        .anyMatch(field -> field.getModifiers().contains(JavaModifier.VOLATILE))
                || type.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .anyMatch(Crossings::isForSharing);
    }

    private static boolean isForSharing(JavaClass type) {
        return type.getPackageName().startsWith("java.util.concurrent")
                || type.getName().equals("java.lang.invoke.VarHandle");
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(Crossings::outermost).orElseGet(type::getName);
    }
}
