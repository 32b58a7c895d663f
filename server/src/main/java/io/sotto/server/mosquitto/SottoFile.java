package io.sotto.server.mosquitto;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A configuration of Sotto that is being written, with where each setting comes from.
final class SottoFile {
    private final List<String> listeners = new ArrayList<>();
    private final List<String> rules = new ArrayList<>();
    private final List<String> users = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();

    /// Begins a listener.
    void listener(@Nullable Directive from, String name) {
        listeners.add("  # " + origin(from, "what Mosquitto opens without a configuration"));
        listeners.add("  - name: " + quoted(name));
    }

    /// A setting of the listener that was begun last.
    void ofListener(String key, String value, @Nullable Directive from) {
        if (from != null) {
            listeners.add("    # " + origin(from, ""));
        }
        listeners.add("    " + key + ": " + value);
    }

    /// A user, as the lines of its item without the indentation.
    void user(String comment, List<String> lines) {
        item(users, comment, lines);
    }

    void rule(String comment, List<String> lines) {
        item(rules, comment, lines);
    }

    private static void item(List<String> items, String comment, List<String> lines) {
        items.add("  # " + plain(comment));
        for (int i = 0; i < lines.size(); i++) {
            items.add((i == 0 ? "  - " : "    ") + lines.get(i));
        }
    }

    /// @param from where it comes from, or null when Mosquitto does so by default
    void set(String key, String value, @Nullable Directive from) {
        settings.add("# " + origin(from, "as Mosquitto does without being told"));
        settings.add(key + ": " + value);
    }

    private static String origin(@Nullable Directive from, String otherwise) {
        return from == null
                ? otherwise
                : plain(from.place() + ": " + from.name() + " " + from.value()).strip();
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(c -> plain.appendCodePoint(endsLines(c) ? ' ' : c));
        return plain.toString();
    }

    /// Whether YAML may take it for the end of a line, or not take it at all.
    private static boolean endsLines(int character) {
        return Character.isISOControl(character)
                || character == 0x2028
                || character == 0x2029
                || character == 0xFEFF;
    }

    static String quoted(String text) {
        if (text.chars().noneMatch(SottoFile::endsLines)) {
            return "'" + text.replace("'", "''") + "'";
        }
        StringBuilder escaped = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (endsLines(c)) {
                escaped.append("\\u%04x".formatted((int) c));
            } else {
                escaped.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return escaped.append('"').toString();
    }

    static String quoted(List<String> texts) {
        return "[" + String.join(", ", texts.stream().map(SottoFile::quoted).toList()) + "]";
    }

    String text(String source) {
        List<String> lines = new ArrayList<>();
        lines.add("# Made by `sotto import mosquitto` from " + plain(source) + ".");
        lines.add("# Each setting says where it comes from; docs/configuration.md explains it.");
        section(lines, "listeners:", listeners);
        section(lines, "users:", users);
        section(lines, "acl:", rules);
        lines.add("");
        lines.addAll(settings);
        return String.join("\n", lines) + "\n";
    }

    private static void section(List<String> lines, String head, List<String> items) {
        if (!items.isEmpty()) {
            lines.add("");
            lines.add(head);
            lines.addAll(items);
        }
    }
}
