package io.sotto.server.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.access.Rules;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.server.config.SottoConfig.Overrides;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AclKeysTest {
    private static final String RULES =
            """
            groups:
              - name: staff
                users: [bob, dora]
            acl:
              - user: ann
                group: staff
                client-id: lamp
                address: [10.0.0.0/8, "::1"]
                allow: publish
                topics: [a/#, b/%u]
                maximum-qos: 1
                retain: false
              - anonymous: true
                allow: both
                topics: c
              - everyone: true
                deny: both
                topics: a/secret
            acl-file: src/test/acl/mosquitto.acl
            """;

    private static @Nullable Rules read(String text) throws ConfigException {
        return SottoConfig.read("sotto.yaml", text, Overrides.NONE).rules();
    }

    private static void isRefused(String text, String... lines) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> {
                            List<String> told = String.valueOf(e.getMessage()).lines().toList();
                            assertThat(told).hasSameSizeAs(lines);
                            for (int i = 0; i < lines.length; i++) {
                                assertThat(told.get(i)).startsWith(lines[i]);
                            }
                        });
    }

    private static String publishing(String user, String topic, boolean retain)
            throws ConfigException {
        Rules rules = requireNonNull(read(RULES));
        Origin origin = new Origin("tcp", "10.0.0.1", 1, true);
        return String.valueOf(
                rules.publishing(
                        new Subject(new Principal(user), "lamp", origin),
                        TopicName.of(topic),
                        QoS.AT_LEAST_ONCE,
                        retain));
    }

    @Test
    void rules_come_from_the_configuration_and_from_a_file() throws ConfigException {
        assertThat(publishing("ann", "a/x", false))
                .isEqualTo(
                        "sotto.yaml:5: allow publish a/# for user ann or bob or dora, client id lamp,"
                                + " address 10.0.0.0/8 or 0:0:0:0:0:0:0:1/128");
        assertThat(publishing("bob", "b/bob", false)).startsWith("sotto.yaml:5: ");
        assertThat(publishing("bob", "b/ann", false)).isEqualTo("null");
        assertThat(publishing("bob", "b/bob", true)).isEqualTo("null");
        assertThat(publishing("ann", "a/secret", false))
                .isEqualTo("sotto.yaml:16: deny both a/secret for everyone");
        assertThat(publishing("", "c", true))
                .isEqualTo("sotto.yaml:13: allow both c for anonymous");
        assertThat(publishing("carl", "from/here", true))
                .isEqualTo("src/test/acl/mosquitto.acl:3: allow publish from/# for user carl");
    }

    @Test
    void a_rule_for_a_listener_that_is_not_there_is_refused_though_it_denies() {
        isRefused(
                """
                listeners:
                  - name: inside
                acl:
                  - listener: [inside, outsid]
                    deny: both
                    topics: "#"
                """,
                "sotto.yaml:4: acl[].listener has 'outsid', which is no listener");
    }

    @Test
    void what_is_wrong_with_the_file_of_a_listener_is_told_of_that_listener() {
        isRefused(
                "loops: 1\nlisteners:\n  - acl-file: no-such.acl\n",
                "sotto.yaml:3: listeners[].acl-file 'no-such.acl' cannot be read");
    }

    @Test
    void no_rules_are_not_the_same_as_rules_that_allow_nothing() throws ConfigException {
        assertThat(read("loops: 1")).isNull();
        assertThat(read("acl: []")).isNotNull();
    }

    @Test
    void all_that_is_wrong_is_told_at_once_in_each_file() {
        isRefused(
                """
                acl-file: src/test/acl/wrong.acl
                acl:
                  - allow: publish
                    topics: a
                  - everyone: true
                    topics: [a#, $share/g/a, a/%u/#]
                  - user: ann
                    anonymous: true
                    deny: reading
                    topics: []
                    maximum-qos: 3
                  - everyone: true
                    address: [10.0.0.0/40]
                    deny: both
                    allow: both
                    topic: a
                  - user: ['', bob, bob]
                    allow: subscribe
                    retain: false
                    topics: a
                """,
                "sotto.yaml:3: acl[].user is missing, and there is no group, client-id",
                "sotto.yaml:5: acl[].allow is missing, and there is no deny instead",
                "sotto.yaml:6: acl[].topics has 'a#', which is no topic filter: # stands alone",
                "sotto.yaml:6: acl[].topics has '$share/g/a'; rules are about the topics",
                "sotto.yaml:8: acl[].anonymous is given beside users; one of both",
                "sotto.yaml:9: acl[].deny is to be publish or subscribe or both, not 'reading'",
                "sotto.yaml:10: acl[].topics has nothing in it",
                "sotto.yaml:11: acl[].maximum-qos is to be within 0 to 2, not '3'",
                "sotto.yaml:11: acl[].maximum-qos is for allow",
                "sotto.yaml:12: acl[].everyone is given beside somebody",
                "sotto.yaml:12: acl[].topics is missing",
                "sotto.yaml:13: acl[].address has '10.0.0.0/40', which is no address",
                "sotto.yaml:14: acl[].deny is given beside allow; one of both",
                "sotto.yaml:16: acl[].topic is not known; did you mean topics?",
                "sotto.yaml:17: acl[].user has an empty name",
                "sotto.yaml:17: acl[].user has 'bob' twice",
                "sotto.yaml:19: acl[].retain is about publishing",
                "src/test/acl/wrong.acl:1: user is to be followed by a user name",
                "src/test/acl/wrong.acl:3: 'topics' is not known",
                "src/test/acl/wrong.acl:4: the access is to be read, write, readwrite or deny");
    }

    @Test
    void a_group_is_known_and_has_users() {
        isRefused(
                """
                groups:
                  - name: staff
                  - name: staff
                    users: []
                acl:
                  - group: [staf]
                    deny: both
                    topics: a
                """,
                "sotto.yaml:2: groups[].users is missing",
                "sotto.yaml:3: groups[].name 'staff' is given twice",
                "sotto.yaml:4: groups[].users has nothing in it",
                "sotto.yaml:6: acl[].group has 'staf', which is no group");
    }

    @Test
    void a_file_that_cannot_be_read_is_told() {
        isRefused(
                "acl-file: src/test/acl\n",
                "sotto.yaml:1: acl-file 'src/test/acl' cannot be read: it is no plain file");
        isRefused("acl-file: \"a\\0b\"\n", "sotto.yaml:1: acl-file is no path: Nul character");
    }
}
