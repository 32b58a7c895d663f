package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.access.Rule.Act;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final QoS ZERO = QoS.AT_MOST_ONCE;
    private static final Subject ANN = subject("ann", "lamp");

    private static Subject subject(String user, String clientId) {
        return new Subject(
                new Principal(user), clientId, new Origin("tcp", "10.1.2.3", 4711, true));
    }

    private static Rule allow(Who who, Act act, String topic) {
        return Rule.of(true, who, act, TopicPattern.of(topic), "test:1");
    }

    private static Rule deny(Who who, Act act, String topic) {
        return Rule.of(false, who, act, TopicPattern.of(topic), "test:2");
    }

    private static Rules rules(Rule... rules) {
        return new Rules(List.of(rules));
    }

    private static boolean publishes(Rules rules, Subject subject, String topic) {
        return rules.mayPublish(subject, TopicName.of(topic), ZERO, false);
    }

    private static boolean subscribes(Rules rules, Subject subject, String filter) {
        return rules.maySubscribe(subject, TopicFilter.of(filter), ZERO);
    }

    private static boolean receives(Rules rules, Subject subject, String topic) {
        return rules.mayReceive(subject, TopicName.of(topic));
    }

    @Test
    void a_subscription_may_be_taken_while_what_no_rule_allows_is_kept_back() {
        Rules rules =
                new Rules(
                        List.of(
                                allow(Who.EVERYONE, Act.SUBSCRIBE, "home/#"),
                                deny(Who.EVERYONE, Act.BOTH, "safe/#")),
                        Rules.Subscriptions.ANY);

        assertThat(subscribes(rules, ANN, "#")).isTrue();
        assertThat(subscribes(rules, ANN, "safe/key")).isFalse();
        assertThat(receives(rules, ANN, "home/lamp")).isTrue();
        assertThat(receives(rules, ANN, "garden/lamp")).isFalse();
        assertThat(publishes(rules, ANN, "garden/lamp")).isFalse();
    }

    @Test
    void a_rule_may_be_for_one_listener() {
        Rules rules = rules(allow(Who.EVERYONE.at(Set.of("inside")), Act.BOTH, "home/#"));
        Subject inside =
                new Subject(new Principal("ann"), "c", new Origin("inside", "10.1.2.3", 1, true));
        Subject away = new Subject(new Principal("ann"), "c", Origin.NOWHERE);

        assertThat(publishes(rules, inside, "home/lamp")).isTrue();
        assertThat(publishes(rules, ANN, "home/lamp")).isFalse();
        assertThat(publishes(rules, away, "home/lamp")).isFalse();
        assertThat(receives(rules, away, "home/lamp")).isTrue();
    }

    /// As `sotto acl test` asks, where somebody says the one and not the other.
    @Test
    void an_address_may_be_known_without_a_listener_and_the_other_way_round() {
        Who near = new Who(Set.of(), Set.of(), List.of(AddressBlock.of("10.0.0.0/8")), false);
        Rules rules =
                rules(
                        allow(near, Act.PUBLISH, "near"),
                        allow(Who.EVERYONE.at(Set.of("inside")), Act.PUBLISH, "inside"),
                        allow(Who.EVERYONE, Act.PUBLISH, "all"),
                        deny(near.at(Set.of("inside")), Act.PUBLISH, "all"));
        String nowhere = Origin.NOWHERE.address();
        Subject at = new Subject(new Principal(""), "c", new Origin("inside", nowhere, 0, false));
        Subject other =
                new Subject(new Principal(""), "c", new Origin("outside", nowhere, 0, false));
        Subject from = new Subject(new Principal(""), "c", new Origin("", "10.1.2.3", 0, false));
        Subject far = new Subject(new Principal(""), "c", new Origin("", "192.0.2.1", 0, false));

        assertThat(publishes(rules, at, "inside")).isTrue();
        assertThat(publishes(rules, at, "near")).isFalse();
        assertThat(publishes(rules, at, "all")).isFalse();
        assertThat(publishes(rules, other, "all")).isTrue();
        assertThat(publishes(rules, from, "near")).isTrue();
        assertThat(publishes(rules, from, "inside")).isFalse();
        assertThat(publishes(rules, from, "all")).isFalse();
        assertThat(publishes(rules, far, "all")).isTrue();
    }

    @Test
    void the_example_of_the_sensor_holds() {
        Who sensor = Who.user("sensor-device-001");
        Rules rules =
                rules(
                        allow(sensor, Act.PUBLISH, "sensors/device-001/#"),
                        allow(sensor, Act.SUBSCRIBE, "commands/device-001/#"));
        Subject subject = subject("sensor-device-001", "c");

        assertThat(publishes(rules, subject, "sensors/device-001/temperature")).isTrue();
        assertThat(publishes(rules, subject, "sensors/device-001")).isTrue();
        assertThat(publishes(rules, subject, "sensors/device-002/temperature")).isFalse();
        assertThat(publishes(rules, subject, "commands/device-001/reboot")).isFalse();
        assertThat(subscribes(rules, subject, "commands/device-001/#")).isTrue();
        assertThat(subscribes(rules, subject, "$share/group/commands/device-001/#")).isTrue();
        assertThat(subscribes(rules, subject, "commands/device-001/reboot")).isTrue();
        for (String filter :
                List.of("#", "commands/#", "commands/+/#", "+/device-001/#", "$share/g/#")) {
            assertThat(subscribes(rules, subject, filter)).as(filter).isFalse();
        }
        assertThat(receives(rules, subject, "commands/device-001/reboot")).isTrue();
        assertThat(receives(rules, subject, "sensors/device-001/temperature")).isFalse();
        assertThat(publishes(rules, ANN, "sensors/device-001/temperature")).isFalse();
    }

    @Test
    void what_no_rule_allows_is_refused() {
        Rules none = rules();

        assertThat(publishes(none, ANN, "a")).isFalse();
        assertThat(subscribes(none, ANN, "a")).isFalse();
        assertThat(receives(none, ANN, "a")).isFalse();
        assertThat(none.publishing(ANN, TopicName.of("a"), ZERO, false)).isNull();
    }

    @Test
    void a_filter_must_lie_within_an_allowed_one() {
        record Case(String allowed, String asked, boolean within) {}
        List<Case> cases =
                List.of(
                        new Case("#", "#", true),
                        new Case("#", "+", true),
                        new Case("#", "a/b", true),
                        new Case("#", "/", true),
                        new Case("+", "#", false),
                        new Case("+", "a", true),
                        new Case("+", "a/b", false),
                        new Case("+/+", "+/b", true),
                        new Case("a/#", "a", true),
                        new Case("a/#", "a/#", true),
                        new Case("a/#", "a/+/c/#", true),
                        new Case("a/#", "ab", false),
                        new Case("a/#", "+/b", false),
                        new Case("a/#", "#", false),
                        new Case("a/+", "a/#", false),
                        new Case("a/+", "a/", true),
                        new Case("a/+", "a", false),
                        new Case("a/+/#", "a/#", false),
                        new Case("a/+/#", "a/+", true),
                        new Case("a/+/c", "a/+/c", true),
                        new Case("a/+/c", "a/+/+", false),
                        new Case("a/b", "a/+", false),
                        new Case("a/b", "a/b/#", false),
                        new Case("a", "a/#", false));
        for (Case one : cases) {
            Rules rules = rules(allow(Who.EVERYONE, Act.SUBSCRIBE, one.allowed));

            assertThat(subscribes(rules, ANN, one.asked)).as(one.toString()).isEqualTo(one.within);
        }
    }

    @Test
    void what_is_denied_stands_above_what_is_allowed_and_is_kept_back_one_by_one() {
        Rules rules =
                rules(
                        allow(Who.user("ann"), Act.BOTH, "a/#"),
                        deny(Who.EVERYONE, Act.BOTH, "a/secret/#"));

        assertThat(publishes(rules, ANN, "a/b")).isTrue();
        assertThat(publishes(rules, ANN, "a/secret")).isFalse();
        assertThat(subscribes(rules, ANN, "a/#")).isTrue();
        assertThat(subscribes(rules, ANN, "a/secret/+")).isFalse();
        assertThat(receives(rules, ANN, "a/b")).isTrue();
        assertThat(receives(rules, ANN, "a/secret/b")).isFalse();
    }

    @Test
    void topics_of_the_broker_must_be_named() {
        Rules wide = rules(allow(Who.EVERYONE, Act.BOTH, "#"), allow(Who.EVERYONE, Act.BOTH, "+"));
        Rules named = rules(allow(Who.user("ann"), Act.SUBSCRIBE, "$SYS/#"));

        assertThat(receives(wide, ANN, "$SYS/broker/uptime")).isFalse();
        assertThat(subscribes(wide, ANN, "$SYS/#")).isFalse();
        assertThat(receives(named, ANN, "$SYS/broker/uptime")).isTrue();
        assertThat(subscribes(named, ANN, "$SYS/broker/+")).isTrue();
        assertThat(subscribes(named, ANN, "#")).isFalse();
    }

    @Test
    void letters_are_compared_byte_by_byte() {
        Rules rules = rules(allow(Who.user("ann"), Act.BOTH, "caf\u00e9/+"));

        assertThat(publishes(rules, ANN, "caf\u00e9/1")).isTrue();
        assertThat(publishes(rules, ANN, "cafe\u0301/1")).isFalse();
        assertThat(publishes(rules, ANN, "Caf\u00e9/1")).isFalse();
        assertThat(subscribes(rules, ANN, "cafe\u0301/+")).isFalse();
        assertThat(publishes(rules, subject("Ann", "lamp"), "caf\u00e9/1")).isFalse();
    }

    @Test
    void names_are_put_in_for_their_letters() {
        Rules rules = rules(allow(Who.EVERYONE, Act.BOTH, "u/%u/x-%c-%u/%d/#"));

        assertThat(publishes(rules, ANN, "u/ann/x-lamp-ann/%d/1")).isTrue();
        assertThat(publishes(rules, ANN, "u/ann/x-lamp-bob/%d/1")).isFalse();
        assertThat(publishes(rules, ANN, "u/anna/x-lamp-ann/%d/1")).isFalse();
        assertThat(subscribes(rules, ANN, "u/ann/x-lamp-ann/%d/#")).isTrue();
        assertThat(subscribes(rules, ANN, "u/+/x-lamp-ann/%d/#")).isFalse();
        Subject far = subject("żółw-🐢", "日本");
        assertThat(publishes(rules, far, "u/żółw-🐢/x-日本-żółw-🐢/%d")).isTrue();
        assertThat(publishes(rules, far, "u/żółw-🐡/x-日本-żółw-🐡/%d")).isFalse();
    }

    @Test
    void a_name_never_widens_a_pattern() {
        Rules rules =
                rules(
                        allow(Who.EVERYONE, Act.BOTH, "u/%u/#"),
                        allow(Who.EVERYONE, Act.BOTH, "c/%c"),
                        allow(Who.EVERYONE, Act.BOTH, "%c/own/#"));
        for (String name :
                List.of("+", "#", "a/b", "/", "a+", "a#", "bob/", "", "%u", "%c", "$SYS")) {
            Subject hostile = subject(name, name);

            for (String topic :
                    List.of(
                            "u/bob",
                            "u/bob/x",
                            "u/a/b",
                            "u//x",
                            "c/bob",
                            "c/a/b",
                            "c/",
                            "bob/own",
                            "a/b/own",
                            "/own",
                            "$SYS/own")) {
                assertThat(publishes(rules, hostile, topic)).as(name + " " + topic).isFalse();
                assertThat(receives(rules, hostile, topic)).as(name + " " + topic).isFalse();
            }
            for (String filter :
                    List.of(
                            "u/+/#",
                            "u/#",
                            "u/+",
                            "u/bob/#",
                            "c/+",
                            "c/#",
                            "+/own/#",
                            "#",
                            "$SYS/own/#")) {
                assertThat(subscribes(rules, hostile, filter)).as(name + " " + filter).isFalse();
            }
        }
        assertThat(publishes(rules, subject("%c", "bob"), "u/bob/x")).isFalse();
        assertThat(publishes(rules, subject("%c", "bob"), "u/%c/x")).isTrue();
    }

    @Test
    void a_name_never_slips_out_of_a_denial() {
        Rules rules =
                rules(
                        allow(Who.EVERYONE, Act.BOTH, "data/#"),
                        deny(Who.EVERYONE, Act.BOTH, "data/%u/secret"));

        assertThat(publishes(rules, ANN, "data/ann/secret")).isFalse();
        assertThat(publishes(rules, ANN, "data/bob/secret")).isTrue();
        assertThat(publishes(rules, subject("a/b", "c"), "data/a/b/secret")).isFalse();
    }

    @Test
    void a_rule_is_for_those_who_fulfil_all_of_it() {
        Who who =
                new Who(
                        Set.of("ann", "bob"),
                        Set.of("lamp"),
                        List.of(AddressBlock.of("10.0.0.0/8"), AddressBlock.of("::1")),
                        false);
        Rules rules = rules(allow(who, Act.PUBLISH, "t"), allow(Who.ANONYMOUS, Act.PUBLISH, "n"));
        Origin elsewhere = new Origin("tcp", "192.168.0.1", 1, true);
        Origin socket = new Origin("socket", "/run/sotto.sock", 0, true);

        assertThat(publishes(rules, ANN, "t")).isTrue();
        assertThat(publishes(rules, subject("bob", "lamp"), "t")).isTrue();
        assertThat(publishes(rules, subject("eve", "lamp"), "t")).isFalse();
        assertThat(publishes(rules, subject("", "lamp"), "t")).isFalse();
        assertThat(publishes(rules, subject("ann", "door"), "t")).isFalse();
        assertThat(publishes(rules, new Subject(ANN.principal(), "lamp", elsewhere), "t"))
                .isFalse();
        assertThat(publishes(rules, new Subject(ANN.principal(), "lamp", socket), "t")).isFalse();
        assertThat(publishes(rules, subject("", "any"), "n")).isTrue();
        assertThat(publishes(rules, ANN, "n")).isFalse();
    }

    @Test
    void a_rule_for_client_ids_alone_holds_for_every_user() {
        Who lamp = new Who(Set.of(), Set.of("lamp"), List.of(), false);
        Rules rules = rules(allow(lamp, Act.PUBLISH, "t"));

        assertThat(publishes(rules, ANN, "t")).isTrue();
        assertThat(publishes(rules, subject("", "lamp"), "t")).isTrue();
        assertThat(publishes(rules, subject("ann", "door"), "t")).isFalse();
    }

    @Test
    void while_nobody_knows_from_where_messages_wait_and_nothing_is_published() {
        Who near = new Who(Set.of(), Set.of(), List.of(AddressBlock.of("10.0.0.0/8")), false);
        Who far = new Who(Set.of(), Set.of(), List.of(AddressBlock.of("::/0")), false);
        Rules rules =
                rules(
                        allow(near, Act.BOTH, "near"),
                        allow(Who.EVERYONE, Act.BOTH, "all"),
                        deny(far, Act.BOTH, "all"));
        Subject restored = new Subject(ANN.principal(), "lamp", Origin.NOWHERE);

        assertThat(receives(rules, restored, "near")).isTrue();
        assertThat(receives(rules, restored, "all")).isTrue();
        assertThat(publishes(rules, restored, "near")).isFalse();
        assertThat(publishes(rules, restored, "all")).isFalse();
        assertThat(publishes(rules, ANN, "all")).isTrue();
    }

    @Test
    void qos_and_retain_have_bounds() {
        Rule low =
                new Rule(
                        true,
                        Who.EVERYONE,
                        Act.BOTH,
                        TopicPattern.of("t"),
                        QoS.AT_LEAST_ONCE,
                        false,
                        "test:1");
        Rules rules = rules(low);
        TopicName topic = TopicName.of("t");

        assertThat(rules.mayPublish(ANN, topic, QoS.AT_LEAST_ONCE, false)).isTrue();
        assertThat(rules.mayPublish(ANN, topic, QoS.EXACTLY_ONCE, false)).isFalse();
        assertThat(rules.mayPublish(ANN, topic, ZERO, true)).isFalse();
        assertThat(rules.maySubscribe(ANN, TopicFilter.of("t"), QoS.AT_LEAST_ONCE)).isTrue();
        assertThat(rules.maySubscribe(ANN, TopicFilter.of("t"), QoS.EXACTLY_ONCE)).isFalse();
        assertThat(rules.publishing(ANN, topic, ZERO, false))
                .hasToString("test:1: allow both t for everyone");
    }

    @Test
    void many_names_are_said_in_short() {
        Set<String> names = Set.of("g", "a", "f", "b", "e", "c", "d");

        assertThat(new Who(names, names, List.of(), false))
                .hasToString(
                        "user a or b or c or d or e or 2 more,"
                                + " client id a or b or c or d or e or 2 more");
    }

    @Test
    void what_is_no_pattern_is_refused() {
        for (String wrong : List.of("", "a#", "a/#/b", "+a", "%u#", "%c+", "$share/g/a", "a\0b")) {
            assertThatThrownBy(() -> TopicPattern.of(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String wrong :
                List.of("", "10", "10.1", "host", "10.0.0.0/33", "10.0.0.1/x", "::/129")) {
            assertThatThrownBy(() -> AddressBlock.of(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
