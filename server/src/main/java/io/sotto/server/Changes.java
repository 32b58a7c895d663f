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
import org.jspecify.annotations.Nullable;

/// What is another in the users and rules of two configurations, in plain words.
final class Changes {
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

    /// Whom listeners admit, which also depends on whether there are users.
    static List<String> ofListeners(SottoConfig before, SottoConfig after) {
        Map<String, Boolean> old = new LinkedHashMap<>();
        before.listeners()
                .forEach(each -> old.put(each.name(), Boolean.TRUE.equals(each.anonymous())));
        List<String> lines = new ArrayList<>();
        for (ListenerConfig listener : after.listeners()) {
            boolean admits = Boolean.TRUE.equals(listener.anonymous());
            if (old.containsKey(listener.name()) && old.get(listener.name()) != admits) {
                lines.add(
                        "listener %s admits %s without a user name"
                                .formatted(listener.name(), admits ? "clients" : "nobody"));
            }
        }
        return lines;
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
