package io.sotto.access;

import io.sotto.access.Rule.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The rules of an ACL file of Mosquitto, read as that broker reads them.
///
/// A `topic` line is for the user of the last `user` line, and before the first one for clients
/// without a user name. A `pattern` line is for everybody, wherever it stands, with `%u` and `%c`.
public final class MosquittoRules {
    private final String source;
    private final Faults faults;
    private final List<Rule> rules = new ArrayList<>();
    private Who who = Who.ANONYMOUS;

    private MosquittoRules(String source, Faults faults) {
        this.source = source;
        this.faults = faults;
    }

    /// Is told what is wrong with a file.
    @FunctionalInterface
    public interface Faults {
        /// Something is wrong.
        ///
        /// @param line from 1
        /// @param sentence what is wrong there and what would be right
        void add(int line, String sentence);
    }

    /// Reads such a file.
    ///
    /// @param source the name of the file, for the places of the rules
    /// @param text what is in it
    public static List<Rule> read(String source, String text, Faults faults) {
        MosquittoRules reader = new MosquittoRules(source, faults);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                reader.line(i + 1, line);
            }
        }
        return List.copyOf(reader.rules);
    }

    private void line(int number, String line) {
        String word = firstWord(line);
        String rest = line.substring(word.length()).strip();
        switch (word) {
            case "user" -> user(number, rest);
            case "topic" -> topic(number, who, rest, TopicPattern::literal);
            case "pattern" -> topic(number, Who.EVERYONE, rest, TopicPattern::of);
            default ->
                    faults.add(
                            number,
                            "'" + word + "' is not known; a line is user, topic or pattern");
        }
    }

    private static String firstWord(String line) {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return line.substring(0, end);
    }

    private void user(int number, String name) {
        if (name.isEmpty()) {
            faults.add(number, "user is to be followed by a user name");
        } else {
            who = Who.user(name);
        }
    }

    /// Only a line of one word may leave the access out: a topic with a blank has to have it.
    private void topic(int number, Who whom, String rest, Function<String, TopicPattern> compile) {
        String word = firstWord(rest);
        String topic = rest.substring(word.length()).strip();
        String access = topic.isEmpty() ? "readwrite" : word;
        @Nullable Act act =
                switch (access) {
                    case "read" -> Act.SUBSCRIBE;
                    case "write" -> Act.PUBLISH;
                    case "readwrite", "deny" -> Act.BOTH;
                    default -> null;
                };
        if (act == null) {
            faults.add(
                    number,
                    "the access is to be read, write, readwrite or deny, not '" + word + "'");
            return;
        }
        try {
            rules.add(
                    Rule.of(
                            !access.equals("deny"),
                            whom,
                            act,
                            compile.apply(topic.isEmpty() ? word : topic),
                            source + ":" + number));
        } catch (IllegalArgumentException e) {
            faults.add(number, "the line " + e.getMessage());
        }
    }
}
