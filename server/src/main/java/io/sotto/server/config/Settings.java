package io.sotto.server.config;

import io.sotto.server.config.Node.Items;
import io.sotto.server.config.Node.Mapping;
import io.sotto.server.config.Node.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings of a file or of one item of a list. Each is asked for once, by its key, with what
/// it may be; whatever was never asked for is unknown.
final class Settings {
    private final String prefix;
    private final String place;
    private final Map<String, String> values;
    private final Map<String, Node> given = new LinkedHashMap<>();
    private final List<Key> known = new ArrayList<>();
    private final List<Fault> faults;
    private final int line;

    /// @param prefix what the keys begin with in sentences and in the documentation
    Settings(String prefix, Mapping mapping, List<Fault> faults) {
        this(prefix, prefix, new LinkedHashMap<>(), mapping, faults);
    }

    private Settings(
            String prefix,
            String place,
            Map<String, String> values,
            Mapping mapping,
            List<Fault> faults) {
        this.prefix = prefix;
        this.place = place;
        this.values = values;
        this.faults = faults;
        this.line = mapping.line();
        flatten("", mapping);
    }

    private void flatten(String section, Mapping mapping) {
        mapping.entries()
                .forEach((key, node) -> {
                    if (node instanceof Mapping inner) {
                        flatten(section + key + ".", inner);
                    } else {
                        put(section + key, node);
                    }
                });
    }

    private void put(String key, Node node) {
        Node earlier = given.putIfAbsent(key, node);
        if (earlier != null) {
            fault(node.line(), key, "is given twice, first on line " + earlier.line());
        }
    }

    /// What each setting that was asked for is, given or not, with those of the items of lists;
    /// what proves a user is left out.
    Map<String, String> values() {
        return values;
    }

    private <T> T noted(String key, T value) {
        return noted(key, value, String.valueOf(value));
    }

    private <T> T noted(String key, T value, String shown) {
        if (!place.startsWith("users[")) {
            values.put(place + key, shown);
        }
        return value;
    }

    /// Whether a key is given that begins like this.
    boolean has(String section) {
        return given.keySet().stream().anyMatch(key -> key.startsWith(section));
    }

    /// Where it begins.
    int line() {
        return line;
    }

    List<Fault> faults() {
        return faults;
    }

    /// All that was asked for.
    List<Key> known() {
        return known;
    }

    void fault(int at, String key, String clause) {
        faults.add(new Fault(at, prefix + key + " " + clause));
    }

    long number(String key, Quantity quantity, long fallback) {
        know(key, quantity.range(), quantity.show(fallback));
        Scalar scalar = scalar(key);
        long value = fallback;
        if (scalar != null) {
            try {
                value = quantity.parse(text(scalar));
            } catch (IllegalArgumentException e) {
                fault(scalar.line(), key, e.getMessage() + ", not '" + scalar.text() + "'");
            }
        }
        return noted(key, value, quantity.show(value));
    }

    int integer(String key, Quantity quantity, int fallback) {
        return Math.toIntExact(number(key, quantity, fallback));
    }

    boolean flag(String key, boolean fallback) {
        Boolean flag = flagIfGiven(key, String.valueOf(fallback));
        return flag == null ? fallback : flag;
    }

    /// @param fallback what it is when it is not given, in words
    @Nullable Boolean flagIfGiven(String key, String fallback) {
        Integer chosen = choose(key, List.of("false", "true"), fallback);
        return chosen == null ? null : chosen == 1;
    }

    /// One of the constants, written in lower case with hyphens.
    <E extends Enum<E>> E choice(String key, E fallback) {
        E chosen = choose(key, fallback.getDeclaringClass(), word(fallback));
        return chosen == null ? fallback : chosen;
    }

    /// One of the constants, or null when none is given.
    <E extends Enum<E>> @Nullable E choiceIfGiven(String key, Class<E> type) {
        return choose(key, type, "none");
    }

    private <E extends Enum<E>> @Nullable E choose(String key, Class<E> type, String fallback) {
        E[] constants = type.getEnumConstants();
        List<String> words = new ArrayList<>();
        for (E constant : constants) {
            words.add(word(constant));
        }
        Integer chosen = choose(key, words, fallback);
        return chosen == null ? null : constants[chosen];
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private @Nullable Integer choose(String key, List<String> words, String fallback) {
        know(key, String.join(" or ", words), fallback);
        Scalar scalar = scalar(key);
        noted(key, scalar == null ? fallback : text(scalar));
        if (scalar == null) {
            return null;
        }
        int index = words.indexOf(text(scalar));
        if (index < 0) {
            fault(
                    scalar.line(),
                    key,
                    "is to be " + String.join(" or ", words) + ", not '" + scalar.text() + "'");
            return null;
        }
        return index;
    }

    /// A text that may be left out.
    @Nullable String text(String key, String values, String fallback) {
        know(key, values, fallback);
        Scalar scalar = scalar(key);
        noted(key, scalar == null ? fallback : text(scalar));
        return scalar == null ? null : text(scalar);
    }

    /// A text that may not be left out; where it is, empty.
    String textThatMustBe(String key, String values) {
        String text = text(key, values, "must be given");
        if (text == null && !given.containsKey(key)) {
            fault(line, key, "is missing");
        }
        return text == null ? "" : text;
    }

    /// A list of texts, or one text alone.
    List<String> texts(String key, String values, List<String> fallback) {
        know(key, values, fallback.isEmpty() ? "none" : String.join(", ", fallback));
        if (!(given.get(key) instanceof Items list)) {
            Scalar scalar = scalar(key);
            return noted(key, scalar == null ? fallback : List.of(text(scalar)));
        }
        List<String> texts = new ArrayList<>();
        for (Node item : list.items()) {
            if (item instanceof Scalar scalar && scalar.text() != null) {
                texts.add(text(scalar));
            } else {
                fault(item.line(), key, "is to be a list of values");
            }
        }
        return noted(key, texts);
    }

    boolean isGiven(String key) {
        return given.containsKey(key);
    }

    /// The items of a list, each a mapping.
    List<Settings> items(String key) {
        Node node = given.remove(key);
        List<Settings> items = new ArrayList<>();
        if (node instanceof Items list) {
            for (Node item : list.items()) {
                if (item instanceof Mapping mapping) {
                    String at = place + key + "[" + items.size() + "].";
                    items.add(new Settings(prefix + key + "[].", at, values, mapping, faults));
                } else {
                    fault(item.line(), key, "is to be a list of keys and values");
                }
            }
        } else if (node != null) {
            fault(node.line(), key, "is to be a list: one item per line, after a hyphen");
        }
        know(key, "list", "none");
        noted(key, items.size());
        return items;
    }

    /// The line of a key that is given, else where all begins.
    int lineOf(String key) {
        Node node = given.get(key);
        return node == null ? line : node.line();
    }

    private void know(String key, String values, String fallback) {
        known.add(new Key(prefix + key, values, fallback));
    }

    private static String text(Scalar scalar) {
        return scalar.text() == null ? "" : scalar.text();
    }

    private @Nullable Scalar scalar(String key) {
        Node node = given.get(key);
        if (node == null) {
            return null;
        }
        if (node instanceof Scalar scalar && scalar.text() != null) {
            return scalar;
        }
        fault(node.line(), key, node instanceof Items ? "is to be one value" : "has no value");
        return null;
    }

    /// Names all that was given and never asked for, each with the key that is most like it.
    void refuseTheRest() {
        List<String> names =
                known.stream().map(key -> key.name().substring(prefix.length())).toList();
        given.forEach((key, node) -> {
            if (!names.contains(key) && !isEmptySection(key, node, names)) {
                fault(
                        node.line(),
                        key,
                        "is not known; did you mean " + Nearest.to(key, names) + "?");
            }
        });
    }

    private static boolean isEmptySection(String key, Node node, List<String> names) {
        return node instanceof Scalar scalar
                && scalar.text() == null
                && names.stream().anyMatch(name -> name.startsWith(key + "."));
    }
}
