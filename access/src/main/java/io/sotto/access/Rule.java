package io.sotto.access;

import io.sotto.mqtt.QoS;
import java.util.Locale;
import java.util.Set;

/// One line of who may do what, or may not.
///
/// @param allows whether it allows or denies
/// @param maximumQoS the highest QoS that it allows; a denial holds for all
/// @param retain whether it allows to publish with retain
/// @param place where it stands, as `FILE:LINE`
public record Rule(
        boolean allows,
        Who who,
        Act act,
        TopicPattern topic,
        QoS maximumQoS,
        boolean retain,
        String place) {

    /// What a rule is about. To receive is part of to subscribe.
    public enum Act {
        PUBLISH,
        SUBSCRIBE,
        BOTH
    }

    /// A rule for every QoS, with and without retain.
    public static Rule of(boolean allows, Who who, Act act, TopicPattern topic, String place) {
        return new Rule(allows, who, act, topic, QoS.EXACTLY_ONCE, true, place);
    }

    /// Itself without whom it is for and where it stands: `allow publish home/#`.
    public String sentence() {
        return "%s %s %s%s%s"
                .formatted(
                        allows ? "allow" : "deny",
                        act.name().toLowerCase(Locale.ROOT),
                        topic,
                        maximumQoS == QoS.EXACTLY_ONCE ? "" : " up to QoS " + maximumQoS.level(),
                        retain ? "" : " without retain");
    }

    /// The same rule, for those who came in at one of these listeners.
    public Rule at(Set<String> listeners) {
        return new Rule(allows, who.at(listeners), act, topic, maximumQoS, retain, place);
    }

    @Override
    public String toString() {
        return "%s: %s %s %s for %s"
                .formatted(
                        place,
                        allows ? "allow" : "deny",
                        act.name().toLowerCase(Locale.ROOT),
                        topic,
                        who);
    }
}
