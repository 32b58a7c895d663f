package io.sotto.server;

import io.sotto.access.LiveAuthorizer;
import io.sotto.access.Rule;
import io.sotto.access.Rule.Act;
import io.sotto.access.Rules;
import io.sotto.broker.Shard.Present;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Says for which clients a change of users and rules would make a difference.
///
/// @param before the rules that hold
/// @param after the rules that would
/// @param standings what would become of the users of clients
/// @param listeners the names of those that there would be
record Affected(
        Authorizer before,
        Authorizer after,
        Function<Subject, Standing> standings,
        Set<String> listeners) {
    /// How many clients are named; of the others there is the number.
    private static final int NAMED = 500;

    /// A line for each client to whom it would make a difference.
    List<String> lines(List<Present> clients) {
        List<String> lines = new ArrayList<>();
        List<Present> sorted = new ArrayList<>(clients);
        sorted.sort(Comparator.comparing(client -> client.subject().clientId()));
        int more = 0;
        for (Present client : sorted) {
            String effect = effect(client);
            if (effect != null && lines.size() < NAMED) {
                lines.add(who(client.subject()) + " " + effect);
            } else if (effect != null) {
                more++;
            }
        }
        if (more > 0) {
            lines.add("and " + more + " more clients");
        }
        lines.add(
                "%d of %d clients that are connected would be affected"
                        .formatted(lines.size() - (more > 0 ? 1 : 0) + more, clients.size()));
        return lines;
    }

    private static String who(Subject subject) {
        return "client %s (%s) at %s:"
                .formatted(subject.clientId(), subject.principal(), subject.origin());
    }

    private @Nullable String effect(Present client) {
        Subject subject = client.subject();
        Standing standing = standings.apply(subject);
        if (standing == Standing.GONE) {
            return "would be disconnected: its user is gone";
        }
        if (!listeners.contains(subject.origin().listener())) {
            return "would be disconnected: its listener is gone";
        }
        if (standing == Standing.CHANGED) {
            if (!subject.pass().way().isEmpty()) {
                return "would be disconnected: jwt, http-login or authentication is another";
            }
            return subject.principal().name().isEmpty()
                    ? "would be disconnected: its listener admits nobody without a user name"
                    : "would be disconnected: its user has another password or credential, or its"
                            + " listener admits no users";
        }
        List<String> parts = new ArrayList<>();
        compare(subject, Act.PUBLISH, parts);
        compare(subject, Act.SUBSCRIBE, parts);
        for (Grant grant : client.grants()) {
            boolean held = before.maySubscribe(subject, grant.filter(), grant.qos());
            boolean holds = after.maySubscribe(subject, grant.filter(), grant.qos());
            if (held != holds) {
                parts.add(
                        (holds ? "gets back its subscription " : "loses its subscription ")
                                + grant.filter());
            }
        }
        return parts.isEmpty() ? null : String.join("; ", parts);
    }

    private void compare(Subject subject, Act act, List<String> parts) {
        Set<String> old = rules(before, subject, act);
        Set<String> fresh = rules(after, subject, act);
        List<String> changes = new ArrayList<>();
        old.stream().filter(rule -> !fresh.contains(rule)).forEach(r -> changes.add("- " + r));
        fresh.stream().filter(rule -> !old.contains(rule)).forEach(r -> changes.add("+ " + r));
        if (!changes.isEmpty()) {
            String what = act == Act.PUBLISH ? "publishes" : "subscribes";
            parts.add(what + " by other rules: " + String.join(", ", changes));
        }
    }

    private static Set<String> rules(Authorizer authorizer, Subject subject, Act act) {
        Authorizer present =
                authorizer instanceof LiveAuthorizer live ? live.present() : authorizer;
        Set<String> sentences = new LinkedHashSet<>();
        if (present instanceof Rules rules) {
            for (Rule rule : rules.about(subject)) {
                if (rule.act() == act || rule.act() == Act.BOTH) {
                    sentences.add(rule.sentence());
                }
            }
        } else {
            sentences.add("everything, without rules");
        }
        return sentences;
    }
}
