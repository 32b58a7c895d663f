package io.sotto.access;

import io.sotto.access.Rule.Act;
import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.Levels;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rules about who may do what with which topics. What no rule allows is refused, and a rule that
/// denies stands above all that allow.
///
/// A subscription is allowed when one rule allows every topic that its filter can match, and no
/// rule denies them all; what a narrower rule denies is kept back message by message. So nobody
/// ever gets what no rule allows, whatever is subscribed to.
///
/// Where a client's login says what it may do, that stands in the place of the rules that allow;
/// those that deny stand above it too.
///
/// Immutable, and asked by all loops. An answer costs a look at the rules of the user, those of the
/// client id and those for everybody, in turn, and allocates nothing unless a rule has addresses.
public final class Rules implements Authorizer {
    private static final int QOS = 3;
    private static final int RETAIN = 4;
    private static final int PUBLISH = 8;
    private static final int RECEIVE = 16;

    private final List<Rule> all;
    private final Shelf denials;
    private final Shelf permissions;
    private final Options options;

    /// What a subscription needs.
    public enum Subscriptions {
        /// A rule that allows every topic that its filter can match.
        ALLOWED,
        /// Nothing, unless a rule denies all of it: what no rule allows is kept back message by
        /// message, as Mosquitto does with its ACL files.
        ANY
    }

    /// What becomes of retained messages whose author lost the right to publish them.
    public enum Retained {
        /// They are handed to nobody until the right comes back.
        CHECKED,
        /// They stay as they are.
        KEPT
    }

    /// How rules are meant.
    ///
    /// @param subscriptions what a subscription needs; setting `acl-subscriptions`
    /// @param retained what becomes of messages whose author lost the right; setting `acl-retained`
    /// @param loginsTell whether logins may bring rights along, so that what a client may do is not
    ///   known before it has logged in
    public record Options(Subscriptions subscriptions, Retained retained, boolean loginsTell) {}

    public Rules(List<Rule> rules) {
        this(rules, Subscriptions.ALLOWED);
    }

    public Rules(List<Rule> rules, Subscriptions subscriptions) {
        this(rules, new Options(subscriptions, Retained.CHECKED, false));
    }

    public Rules(List<Rule> rules, Options options) {
        this.options = options;
        this.all = List.copyOf(rules);
        this.denials = new Shelf(rules.stream().filter(rule -> !rule.allows()).toList());
        this.permissions = new Shelf(rules.stream().filter(Rule::allows).toList());
    }

    @Override
    public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
        Authorizer own = subject.pass().rights();
        int asked = PUBLISH | qos.level() | (retain ? RETAIN : 0);
        return own == null
                ? allows(deciding(subject, topic, asked))
                : own.mayPublish(subject, topic, qos, retain) && !denies(subject, topic, asked);
    }

    @Override
    public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
        Authorizer own = subject.pass().rights();
        if (own != null) {
            return own.maySubscribe(subject, filter, qos) && !denies(subject, filter, qos.level());
        }
        Rule rule = subscribing(subject, filter, qos);
        return rule == null ? takesAny() : rule.allows();
    }

    /// While it is not known where the client will come from, a rule about addresses keeps nothing
    /// back, and nothing does where a login may bring rights along: what waits is asked about again
    /// when the client is there.
    @Override
    public boolean mayReceive(Subject subject, TopicName topic) {
        Authorizer own = subject.pass().rights();
        if (own != null) {
            return own.mayReceive(subject, topic) && !denies(subject, topic, RECEIVE);
        }
        return options.loginsTell && !subject.origin().isKnown()
                ? !denies(subject, topic, RECEIVE)
                : allows(deciding(subject, topic, RECEIVE));
    }

    @Override
    public boolean mayStay(Subject author, TopicName topic, QoS qos) {
        return options.retained == Retained.KEPT || mayPublish(author, topic, qos, true);
    }

    private boolean denies(Subject subject, Levels levels, int asked) {
        return denials.first(subject, levels, asked) != null;
    }

    @Override
    public int version() {
        return 0;
    }

    /// All rules, in no order that matters.
    public List<Rule> all() {
        return all;
    }

    /// Those that could decide about a client.
    public List<Rule> about(Subject subject) {
        return all.stream().filter(rule -> rule.who().includes(subject, false)).toList();
    }

    /// Whether a subscription that no rule is about is taken all the same.
    public boolean takesAny() {
        return options.subscriptions == Subscriptions.ANY;
    }

    private static boolean allows(@Nullable Rule rule) {
        return rule != null && rule.allows();
    }

    /// The rule that decides whether a client may publish; null when there is none, which means no.
    public @Nullable Rule publishing(Subject subject, TopicName topic, QoS qos, boolean retain) {
        return deciding(subject, topic, PUBLISH | qos.level() | (retain ? RETAIN : 0));
    }

    /// The rule that decides whether a client may subscribe; null when there is none, which means
    /// no.
    public @Nullable Rule subscribing(Subject subject, TopicFilter filter, QoS qos) {
        return deciding(subject, filter, qos.level());
    }

    private @Nullable Rule deciding(Subject subject, Levels levels, int asked) {
        Rule denial = denials.first(subject, levels, asked);
        return denial != null ? denial : permissions.first(subject, levels, asked);
    }

    /// Rules that all allow or all deny, by whom they are for.
    private static final class Shelf {
        private static final Rule[] NONE = {};

        private final Map<String, Rule[]> byUser;
        private final Map<String, Rule[]> byClientId;
        private final Rule[] others;

        Shelf(List<Rule> rules) {
            Map<String, List<Rule>> users = new HashMap<>();
            Map<String, List<Rule>> clientIds = new HashMap<>();
            List<Rule> rest = new ArrayList<>();
            for (Rule rule : rules) {
                if (!rule.who().users().isEmpty()) {
                    add(users, rule.who().users(), rule);
                } else if (!rule.who().clientIds().isEmpty()) {
                    add(clientIds, rule.who().clientIds(), rule);
                } else {
                    rest.add(rule);
                }
            }
            this.byUser = arrays(users);
            this.byClientId = arrays(clientIds);
            this.others = rest.toArray(NONE);
        }

        private static void add(Map<String, List<Rule>> lists, Set<String> names, Rule rule) {
            for (String name : names) {
                lists.computeIfAbsent(name, absent -> new ArrayList<>()).add(rule);
            }
        }

        private static Map<String, Rule[]> arrays(Map<String, List<Rule>> lists) {
            Map<String, Rule[]> arrays = new HashMap<>();
            lists.forEach((name, rules) -> arrays.put(name, rules.toArray(NONE)));
            return arrays;
        }

        @Nullable Rule first(Subject subject, Levels levels, int asked) {
            Rule found =
                    first(
                            byUser.getOrDefault(subject.principal().name(), NONE),
                            subject,
                            levels,
                            asked);
            if (found == null) {
                found =
                        first(
                                byClientId.getOrDefault(subject.clientId(), NONE),
                                subject,
                                levels,
                                asked);
            }
            return found != null ? found : first(others, subject, levels, asked);
        }

        private static @Nullable Rule first(
                Rule[] rules, Subject subject, Levels levels, int asked) {
            for (Rule rule : rules) {
                boolean ifUnknown = rule.allows() == ((asked & RECEIVE) != 0);
                if (isAbout(rule, asked)
                        && rule.topic().covers(levels, subject, rule.allows())
                        && rule.who().includes(subject, ifUnknown)) {
                    return rule;
                }
            }
            return null;
        }

        private static boolean isAbout(Rule rule, int asked) {
            Act other = (asked & PUBLISH) != 0 ? Act.SUBSCRIBE : Act.PUBLISH;
            return rule.act() != other
                    && (asked & QOS) <= rule.maximumQoS().level()
                    && (rule.retain() || (asked & RETAIN) == 0);
        }
    }
}
