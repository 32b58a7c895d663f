package io.sotto.server.mosquitto;

/// One line of a configuration of Mosquitto.
///
/// @param file as it was named
/// @param line from 1
/// @param value all that stands behind the name, or empty
public record Directive(String file, int line, String name, String value) {
    String place() {
        return file + ":" + line;
    }

    /// The first word of the value, and the rest.
    String word(int index) {
        String[] words = value.split("[ \\t]+", 2);
        return index < words.length ? words[index].strip() : "";
    }
}
