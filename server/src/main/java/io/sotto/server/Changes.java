package io.sotto.server;

import io.sotto.access.Rule;
import io.sotto.access.Rules;
import io.sotto.access.Who;
import io.sotto.server.config.ListenerConfig;
import io.sotto.server.config.SottoConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is another in the users and rules of two configurations, in plain words.
final class Changes {
    /// Settings of a listener that lines of their own tell of.
    private static final Set<String> SAID_OTHERWISE =
            Set.of("name", "host", "port", "path", "mode", "anonymous");

    private Changes() {}

    static List<String> ofUsers(SottoConfig before, SottoConfig after) {
        Map<String, String> old = Judges.proofs(before.logins());
        Map<String, String> fresh = Judges.proofs(after.logins());
        List<String> lines = new ArrayList<>();
        fresh.forEach((name, proof) -> {
            if (!old.containsKey(name)) {
                lines.add("user '" + name + "' is new");
            } else if (!proof.equals(old.get(name))) {
                lines.add("user '" + name + "' has another password or credential");
            }
        });
        old.keySet().stream()
                .filter(name -> !fresh.containsKey(name))
                .forEach(name -> lines.add("user '" + name + "' is gone"));
        return lines;
    }

    /// What listeners there are, what is another of them, and whom they admit, which also depends
    /// on whether there are users. A listener is the same by its name.
    static List<String> ofListeners(SottoConfig before, SottoConfig after) {
        Map<String, Integer> old = places(before);
        Map<String, Integer> fresh = places(after);
        List<String> lines = new ArrayList<>();
        fresh.forEach((name, place) -> {
            Integer was = old.get(name);
            ListenerConfig listener = after.listeners().get(place);
            if (was == null) {
                lines.add("listener %s at %s is new".formatted(name, listener.endpoint()));
            } else {
                compare(before, was, after, place, lines);
            }
        });
        old.forEach((name, place) -> {
            if (!fresh.containsKey(name)) {
                lines.add(
                        "listener %s at %s is gone"
                                .formatted(name, before.listeners().get(place).endpoint()));
            }
        });
        return lines;
    }

    private static Map<String, Integer> places(SottoConfig config) {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < config.listeners().size(); i++) {
            places.put(config.listeners().get(i).name(), i);
        }
        return places;
    }

    private static void compare(
            SottoConfig before, int was, SottoConfig after, int is, List<String> lines) {
        ListenerConfig old = before.listeners().get(was);
        ListenerConfig fresh = after.listeners().get(is);
        String name = "listener " + fresh.name();
        if (!old.endpoint().equals(fresh.endpoint())) {
            lines.add("%s moves from %s to %s".formatted(name, old.endpoint(), fresh.endpoint()));
        }
        Map<String, String> oldValues = values(before, was);
        Map<String, String> freshValues = values(after, is);
        if (!oldValues.isEmpty() && !freshValues.isEmpty()) {
            Set<String> keys = new TreeSet<>(oldValues.keySet());
            keys.addAll(freshValues.keySet());
            for (String key : keys) {
                String from = oldValues.getOrDefault(key, "none");
                String to = freshValues.getOrDefault(key, "none");
                if (!from.equals(to) && !SAID_OTHERWISE.contains(key)) {
                    lines.add("%s: %s: %s -> %s".formatted(name, key, from, to));
                }
            }
        }
        boolean admits = Boolean.TRUE.equals(fresh.anonymous());
        if (Boolean.TRUE.equals(old.anonymous()) != admits) {
            lines.add(
                    "%s admits %s without a user name"
                            .formatted(name, admits ? "clients" : "nobody"));
        }
    }

    /// The settings of one listener.
    private static Map<String, String> values(SottoConfig config, int place) {
        String prefix = "listeners[" + place + "].";
        Map<String, String> values = new LinkedHashMap<>();
        config.values()
                .forEach((key, value) -> {
                    if (key.startsWith(prefix)) {
                        values.put(key.substring(prefix.length()), value);
                    }
                });
        return values;
    }

    static List<String> ofRules(SottoConfig before, SottoConfig after) {
        Map<Meaning, Rule> old = rules(before.rules());
        Map<Meaning, Rule> fresh = rules(after.rules());
        List<String> lines = new ArrayList<>();
        if (before.rules() == null && after.rules() != null) {
            lines.add("there are rules now: what none allows is refused");
        } else if (before.rules() != null && after.rules() == null) {
            lines.add("there are no rules any more: everybody may do everything");
        }
        old.forEach((meaning, rule) -> {
            if (!fresh.containsKey(meaning)) {
                lines.add("rule gone: " + rule);
            }
        });
        fresh.forEach((meaning, rule) -> {
            if (!old.containsKey(meaning)) {
                lines.add("rule new: " + rule);
            }
        });
        return lines;
    }

    /// What a rule says, wherever it stands.
    private record Meaning(String sentence, Who who) {}

    private static Map<Meaning, Rule> rules(@Nullable Rules rules) {
        Map<Meaning, Rule> said = new LinkedHashMap<>();
        if (rules != null) {
            for (Rule rule : rules.all()) {
                said.putIfAbsent(new Meaning(rule.sentence(), rule.who()), rule);
            }
        }
        return said;
    }
}
