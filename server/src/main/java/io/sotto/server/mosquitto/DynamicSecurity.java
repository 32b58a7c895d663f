package io.sotto.server.mosquitto;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.access.PasswordHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The users, groups and roles of Mosquitto's dynamic-security plugin, as users and rules.
///
/// There, the first line that fits decides, by priority; here, what is denied is denied. So nobody
/// gets more, and whoever had a right that a line of lower priority denies loses it.
final class DynamicSecurity {
    private static final String EVERYTHING = "#";

    private final Directive source;
    private final Report report;
    private final SottoFile file;
    private final JsonNode root;

    /// The client ids of users who may have one alone.
    private final Map<String, String> clientIds = new LinkedHashMap<>();

    /// Who has each role.
    private final Map<String, Set<String>> holders = new LinkedHashMap<>();

    private DynamicSecurity(Directive source, Report report, SottoFile file, JsonNode root) {
        this.source = source;
        this.report = report;
        this.file = file;
        this.root = root;
    }

    /// Reads the file of the plugin; what stands in the way refuses the directive that names it.
    static void translate(Directive source, Report report, SottoFile file) {
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readString(Path.of(source.value())));
            if (!root.isObject()) {
                report.refuse(source, "is no file of the dynamic-security plugin");
            } else {
                new DynamicSecurity(source, report, file, root).translate();
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            report.refuse(source, "'" + source.value() + "' is no JSON, at line " + line);
        } catch (IOException e) {
            report.refuse(source, "'" + source.value() + "' cannot be read");
        }
    }

    private void translate() {
        JsonNode defaults = root.path("defaultACLAccess");
        if (!defaults.path("publishClientReceive").asBoolean(true)) {
            report.refuse(
                    source,
                    "denies publishClientReceive by default; in Sotto who may subscribe may"
                            + " receive");
            return;
        }
        int users = 0;
        for (JsonNode client : root.path("clients")) {
            users += user(client) ? 1 : 0;
        }
        for (JsonNode group : root.path("groups")) {
            members(group);
        }
        int rules = byDefault(defaults);
        for (JsonNode role : root.path("roles")) {
            rules += role(role);
        }
        if (rules == 0) {
            // Without rules everybody may do everything.
            file.set("acl", "[]", source);
        }
        report.imported(
                source,
                "%d users and %d rules; what one rule denies is denied, whatever its priority"
                        .formatted(users, rules));
    }

    /// @return whether it can log in
    private boolean user(JsonNode client) {
        String name = client.path("username").asText();
        for (JsonNode role : client.path("roles")) {
            hold(role.path("rolename").asText(), name);
        }
        if (!client.path("clientid").asText().isEmpty()) {
            clientIds.put(name, client.path("clientid").asText());
        }
        String password = client.path("password").asText();
        if (name.isEmpty() || password.isEmpty() || client.path("disabled").asBoolean()) {
            return false;
        }
        String hash =
                "$7$%d$%s$%s"
                        .formatted(
                                client.path("iterations").asInt(),
                                client.path("salt").asText(),
                                password);
        try {
            hash = PasswordHash.parse(hash).toString();
        } catch (IllegalArgumentException e) {
            report.refuse(source, "the password of '" + name + "' " + e.getMessage());
        }
        file.user(
                source.value() + ": " + name,
                List.of("name: " + SottoFile.quoted(name), "password: " + SottoFile.quoted(hash)));
        return true;
    }

    private void hold(String role, String user) {
        holders.computeIfAbsent(role, absent -> new LinkedHashSet<>()).add(user);
    }

    /// A member of a group has its roles; an empty name stands for clients without one.
    private void members(JsonNode group) {
        String name = group.path("groupname").asText();
        Set<String> members = new LinkedHashSet<>();
        for (JsonNode client : group.path("clients")) {
            members.add(client.path("username").asText());
        }
        for (JsonNode client : root.path("clients")) {
            for (JsonNode of : client.path("groups")) {
                if (of.path("groupname").asText().equals(name)) {
                    members.add(client.path("username").asText());
                }
            }
        }
        members.remove("");
        if (root.path("anonymousGroup").asText().equals(name)) {
            members.add("");
        }
        for (JsonNode role : group.path("roles")) {
            members.forEach(member -> hold(role.path("rolename").asText(), member));
        }
    }

    private int byDefault(JsonNode defaults) {
        int rules = 0;
        for (String act : List.of("publish", "subscribe")) {
            String name = act.equals("publish") ? "publishClientSend" : "subscribe";
            if (defaults.path(name).asBoolean(false)) {
                file.rule(
                        source.value() + ": defaultACLAccess " + name,
                        List.of("everyone: true", "allow: " + act, topics(Set.of(EVERYTHING))));
                rules++;
            }
        }
        return rules;
    }

    private static String topics(Set<String> topics) {
        return "topics: " + SottoFile.quoted(new ArrayList<>(topics));
    }

    private int role(JsonNode role) {
        String name = role.path("rolename").asText();
        Map<String, Set<String>> topics = new LinkedHashMap<>();
        for (JsonNode acl : role.path("acls")) {
            boolean allow = acl.path("allow").asBoolean();
            String act = act(acl.path("acltype").asText(), allow);
            if (act != null) {
                topics.computeIfAbsent(act, absent -> new LinkedHashSet<>())
                        .add(acl.path("topic").asText());
            }
        }
        int rules = 0;
        for (List<String> who : who(holders.getOrDefault(name, Set.of()))) {
            for (Map.Entry<String, Set<String>> entry : topics.entrySet()) {
                List<String> lines = new ArrayList<>(who);
                lines.add(entry.getKey());
                lines.add(topics(entry.getValue()));
                file.rule(source.value() + ": role " + name, lines);
                rules++;
            }
        }
        return rules;
    }

    /// The act of a line; null for one that says nothing here: to receive what one may subscribe to
    /// and to unsubscribe are nobody's to allow.
    private static @Nullable String act(String type, boolean allow) {
        String verb = allow ? "allow: " : "deny: ";
        return switch (type) {
            case "publishClientSend" -> verb + "publish";
            case "subscribeLiteral", "subscribePattern" -> verb + "subscribe";
            case "publishClientReceive" -> allow ? null : verb + "subscribe";
            default -> null;
        };
    }

    /// Those who have a role, as the lines that begin a rule for them.
    private List<List<String>> who(Set<String> names) {
        List<List<String>> who = new ArrayList<>();
        List<String> anyId = new ArrayList<>();
        for (String name : names) {
            String clientId = clientIds.get(name);
            if (name.isEmpty()) {
                who.add(List.of("anonymous: true"));
            } else if (clientId == null) {
                anyId.add(name);
            } else {
                who.add(
                        List.of(
                                "user: " + SottoFile.quoted(name),
                                "client-id: " + SottoFile.quoted(clientId)));
            }
        }
        if (!anyId.isEmpty()) {
            who.add(List.of("user: " + SottoFile.quoted(anyId)));
        }
        return who;
    }
}
