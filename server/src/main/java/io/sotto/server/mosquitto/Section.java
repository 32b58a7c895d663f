package io.sotto.server.mosquitto;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The directives about one thing, such as a listener. Of several with the same name the last one
/// holds, save for those that say one thing more each.
final class Section {
    private final Map<String, List<Directive>> directives = new LinkedHashMap<>();

    void add(Directive directive) {
        directives.computeIfAbsent(directive.name(), absent -> new ArrayList<>()).add(directive);
    }

    boolean isEmpty() {
        return directives.isEmpty();
    }

    @Nullable Directive last(String name) {
        List<Directive> all = directives.get(name);
        return all == null ? null : all.getLast();
    }

    /// All of them.
    List<Directive> all(String name) {
        return directives.getOrDefault(name, List.of());
    }

    List<Directive> all() {
        return directives.values().stream().flatMap(List::stream).toList();
    }

    boolean has(String name) {
        return directives.containsKey(name);
    }
}
