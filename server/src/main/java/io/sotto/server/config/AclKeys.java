package io.sotto.server.config;

import io.sotto.access.AddressBlock;
import io.sotto.access.MosquittoRules;
import io.sotto.access.Rule;
import io.sotto.access.Rule.Act;
import io.sotto.access.Rules;
import io.sotto.access.TopicPattern;
import io.sotto.access.Who;
import io.sotto.mqtt.QoS;
import io.sotto.server.config.Node.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The keys of who may do what: rules in the configuration, and a file of Mosquitto's.
final class AclKeys {
    private static final int HIGHEST_QOS = 2;

    private AclKeys() {}

    /// The rules, or null when there are none at all. An empty list is one that allows nothing.
    ///
    /// @param source how the places of rules name the configuration
    /// @param loginsTell whether logins may bring rights along
    static @Nullable Rules read(
            Settings settings, String source, List<ListenerConfig> listeners, boolean loginsTell) {
        boolean given = settings.isGiven("acl") || settings.isGiven("acl-file");
        List<Rule> rules = new ArrayList<>();
        Map<String, Set<String>> groups = new HashMap<>();
        for (Settings item : settings.items("groups")) {
            group(item, groups);
        }
        for (Settings item : settings.items("acl")) {
            List<Rule> its = rules(item, source, groups);
            checkListeners(item, its, listeners);
            rules.addAll(its);
        }
        String file = settings.text("acl-file", "file", "none");
        if (file != null) {
            rules.addAll(mosquitto(settings, file));
        }
        for (ListenerConfig listener : listeners) {
            given |= listener.aclFile() != null;
            rules.addAll(rules(settings, listener));
        }
        Rules.Subscriptions subscriptions =
                settings.choice("acl-subscriptions", Rules.Subscriptions.ALLOWED);
        Rules.Retained retained = settings.choice("acl-retained", Rules.Retained.CHECKED);
        return given
                ? new Rules(rules, new Rules.Options(subscriptions, retained, loginsTell))
                : null;
    }

    /// A rule for a listener that is not there would be for nobody, also where it denies.
    private static void checkListeners(
            Settings item, List<Rule> rules, List<ListenerConfig> listeners) {
        Set<String> unknown = new TreeSet<>();
        rules.forEach(rule -> unknown.addAll(rule.who().listeners()));
        listeners.forEach(listener -> unknown.remove(listener.name()));
        for (String name : unknown) {
            item.fault(
                    item.lineOf("listener"),
                    "listener",
                    "has '" + name + "', which is no listener");
        }
    }

    /// Users who have a name together.
    static void group(Settings item, Map<String, Set<String>> groups) {
        String name = item.textThatMustBe("name", "text");
        List<String> users = names(item, "users", "list of user names");
        if (!item.isGiven("users")) {
            item.fault(item.line(), "users", "is missing");
        }
        if (groups.putIfAbsent(name, Set.copyOf(users)) != null) {
            item.fault(item.lineOf("name"), "name", "'" + name + "' is given twice");
        }
        item.refuseTheRest();
    }

    /// One item: a rule for each of its topics.
    ///
    /// @param groups the users of each group
    static List<Rule> rules(Settings item, String source, Map<String, Set<String>> groups) {
        Who who = who(item, groups);
        Act allowed = item.choiceIfGiven("allow", Act.class);
        Act denied = item.choiceIfGiven("deny", Act.class);
        List<TopicPattern> topics = read(item, "topics", "list of topic filters", TopicPattern::of);
        if (!item.isGiven("topics")) {
            item.fault(item.line(), "topics", "is missing");
        }
        int qos = item.integer("maximum-qos", Quantity.count(0, HIGHEST_QOS), HIGHEST_QOS);
        boolean retain = item.flag("retain", true);
        checkCombination(item, allowed);
        item.refuseTheRest();
        Act act = allowed != null ? allowed : denied;
        if (act == null) {
            return List.of();
        }
        String place = source + ":" + item.line();
        return topics.stream()
                .map(topic ->
                        new Rule(allowed != null, who, act, topic, QoS.of(qos), retain, place))
                .toList();
    }

    private static void checkCombination(Settings item, @Nullable Act allowed) {
        boolean allows = item.isGiven("allow");
        boolean denies = item.isGiven("deny");
        if (!allows && !denies) {
            item.fault(item.line(), "allow", "is missing, and there is no deny instead");
        } else if (allows && denies) {
            item.fault(item.lineOf("deny"), "deny", "is given beside allow; one of both");
        }
        for (String key : List.of("maximum-qos", "retain")) {
            if (denies && item.isGiven(key)) {
                item.fault(item.lineOf(key), key, "is for allow; what is denied is denied wholly");
            }
        }
        if (allowed == Act.SUBSCRIBE && item.isGiven("retain")) {
            item.fault(item.lineOf("retain"), "retain", "is about publishing");
        }
    }

    private static Who who(Settings item, Map<String, Set<String>> groups) {
        Set<String> users = new HashSet<>(names(item, "user", "list of user names"));
        for (String group : names(item, "group", "list of groups")) {
            Set<String> members = groups.get(group);
            if (members == null) {
                item.fault(item.lineOf("group"), "group", "has '" + group + "', which is no group");
            } else {
                users.addAll(members);
            }
        }
        List<String> clientIds = names(item, "client-id", "list of client ids");
        List<AddressBlock> addresses = read(item, "address", "list of addresses", AddressBlock::of);
        List<String> listeners = names(item, "listener", "list of listeners");
        boolean anonymous = item.flag("anonymous", false);
        boolean everyone = item.flag("everyone", false);
        boolean narrowed =
                anonymous
                        || item.isGiven("user")
                        || item.isGiven("group")
                        || item.isGiven("client-id")
                        || item.isGiven("address")
                        || item.isGiven("listener");
        if (!narrowed && !everyone) {
            item.fault(
                    item.line(),
                    "user",
                    "is missing, and there is no group, client-id, address, listener, anonymous:"
                            + " true or everyone: true instead");
        } else if (narrowed && everyone) {
            item.fault(item.lineOf("everyone"), "everyone", "is given beside somebody");
        } else if (anonymous && (item.isGiven("user") || item.isGiven("group"))) {
            item.fault(item.lineOf("anonymous"), "anonymous", "is given beside users; one of both");
        }
        return new Who(users, Set.copyOf(clientIds), addresses, anonymous, Set.copyOf(listeners));
    }

    private static List<String> names(Settings item, String key, String values) {
        Set<String> seen = new HashSet<>();
        return read(
                item,
                key,
                values,
                name -> {
                    if (name.isEmpty()) {
                        throw new IllegalArgumentException("has an empty name");
                    }
                    if (!seen.add(name)) {
                        throw new IllegalArgumentException("has '" + name + "' twice");
                    }
                    return name;
                });
    }

    private static <T> List<T> read(
            Settings item, String key, String values, Function<String, T> parse) {
        List<T> read = new ArrayList<>();
        List<String> texts = item.texts(key, values, List.of());
        for (String text : texts) {
            try {
                read.add(parse.apply(text));
            } catch (IllegalArgumentException e) {
                item.fault(item.lineOf(key), key, String.valueOf(e.getMessage()));
            }
        }
        if (texts.isEmpty() && item.isGiven(key)) {
            item.fault(item.lineOf(key), key, "has nothing in it");
        }
        return read;
    }

    /// Those of one listener alone.
    private static List<Rule> rules(Settings settings, ListenerConfig listener) {
        if (listener.aclFile() == null) {
            return List.of();
        }
        Settings its =
                new Settings(
                        "listeners[].",
                        new Mapping(new LinkedHashMap<>(), listener.line()),
                        settings.faults());
        return mosquitto(its, listener.aclFile()).stream()
                .map(rule -> rule.at(Set.of(listener.name())))
                .toList();
    }

    private static List<Rule> mosquitto(Settings settings, String file) {
        String text = OtherFile.read(settings, "acl-file", file);
        return text == null
                ? List.of()
                : MosquittoRules.read(file, text, OtherFile.faults(settings, file));
    }
}
