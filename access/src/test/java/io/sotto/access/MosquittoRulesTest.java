package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MosquittoRulesTest {
    private static final String FILE =
            """
            # for clients without a user name
            topic read public/#
            topic $SYS/broker/uptime

            user ann of the house
            topic readwrite home/#
              topic   write   a topic with blanks
            topic deny home/safe/#
            topic read literal/%u

            pattern write clients/%c/state
            pattern deny home/%u/secret

            user bob
            topic read home/+/temperature
            """;

    private final List<String> faults = new ArrayList<>();

    private Rules read(String text) {
        return new Rules(
                MosquittoRules.read(
                        "acl", text, (line, sentence) -> faults.add(line + ": " + sentence)));
    }

    private static Subject subject(String user) {
        return new Subject(new Principal(user), "lamp", new Origin("tcp", "127.0.0.1", 4711, true));
    }

    private static boolean publishes(Rules rules, String user, String topic) {
        return rules.mayPublish(subject(user), TopicName.of(topic), QoS.EXACTLY_ONCE, true);
    }

    private static boolean receives(Rules rules, String user, String topic) {
        return rules.mayReceive(subject(user), TopicName.of(topic));
    }

    @Test
    void every_line_means_what_it_means_to_mosquitto() {
        Rules rules = read(FILE);

        assertThat(faults).isEmpty();
        assertThat(receives(rules, "", "public/a")).isTrue();
        assertThat(publishes(rules, "", "public/a")).isFalse();
        assertThat(receives(rules, "", "$SYS/broker/uptime")).isTrue();
        assertThat(receives(rules, "bob", "public/a")).isFalse();
        String ann = "ann of the house";
        assertThat(publishes(rules, ann, "home/lamp")).isTrue();
        assertThat(receives(rules, ann, "home/lamp")).isTrue();
        assertThat(publishes(rules, ann, "home/safe/key")).isFalse();
        assertThat(receives(rules, ann, "home/safe/key")).isFalse();
        assertThat(publishes(rules, ann, "a topic with blanks")).isTrue();
        assertThat(receives(rules, ann, "a topic with blanks")).isFalse();
        assertThat(receives(rules, ann, "literal/%u")).isTrue();
        assertThat(receives(rules, ann, "literal/" + ann)).isFalse();
        assertThat(publishes(rules, ann, "home/" + ann + "/secret")).isFalse();
        for (String user : List.of("", ann, "bob")) {
            assertThat(publishes(rules, user, "clients/lamp/state")).isTrue();
            assertThat(publishes(rules, user, "clients/door/state")).isFalse();
        }
        assertThat(receives(rules, "bob", "home/hall/temperature")).isTrue();
        assertThat(publishes(rules, "bob", "home/hall/temperature")).isFalse();
    }

    @Test
    void the_rule_that_decides_is_named_with_its_line() {
        Rules rules = read(FILE);

        assertThat(
                        rules.publishing(
                                subject("bob"),
                                TopicName.of("clients/lamp/state"),
                                QoS.AT_MOST_ONCE,
                                false))
                .hasToString("acl:11: allow publish clients/%c/state for everyone");
        assertThat(
                        rules.subscribing(
                                subject("bob"),
                                TopicFilter.of("home/+/temperature"),
                                QoS.AT_MOST_ONCE))
                .hasToString("acl:15: allow subscribe home/+/temperature for user bob");
    }

    @Test
    void all_that_is_wrong_is_told_with_its_line() {
        read(
                """
                topic both a
                users ann
                user
                topic
                pattern read a#
                topic read a/#
                """);

        assertThat(faults)
                .containsExactly(
                        "1: the access is to be read, write, readwrite or deny, not 'both'",
                        "2: 'users' is not known; a line is user, topic or pattern",
                        "3: user is to be followed by a user name",
                        "4: the line has '', which is no topic filter: a topic filter has at least"
                                + " one character [MQTT-4.7.3-1]",
                        "5: the line has 'a#', which is no topic filter: # stands alone or after"
                                + " /, and last [MQTT-4.7.1-1]");
    }

    @Test
    void an_empty_file_allows_nothing() {
        assertThat(publishes(read("# nothing\n"), "ann", "a")).isFalse();
    }
}
