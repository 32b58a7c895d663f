package io.sotto.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of a configuration file, with the line where it begins.
sealed interface Node {
    int line();

    /// A single value.
    ///
    /// @param text as it was written, without quotes, or null for none
    record Scalar(@Nullable String text, int line) implements Node {}

    /// A list.
    record Items(List<Node> items, int line) implements Node {}

    /// Keys with values.
    record Mapping(LinkedHashMap<String, Node> entries, int line) implements Node {
        static Mapping empty() {
            return new Mapping(new LinkedHashMap<>(), 0);
        }
    }
}
