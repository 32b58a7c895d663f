package io.sotto.broker.session;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;

/// What the client of a session may be handed now: what the rules say of each topic, and nothing
/// that only a subscription called for which it may not hold any more.
public final class Rights {
    private final Authorizer authorizer;
    private Subject subject;
    private List<TopicFilter> withheld = List.of();
    private List<TopicFilter> held = List.of();

    Rights(Authorizer authorizer, Subject subject) {
        this.authorizer = authorizer;
        this.subject = subject;
    }

    /// The client is there: the same user, perhaps from another place.
    void of(Subject present) {
        subject = present;
    }

    /// Says which subscriptions of the session are withheld from it, and which it holds.
    public void withhold(List<TopicFilter> withheld, List<TopicFilter> held) {
        this.withheld = withheld.isEmpty() ? List.of() : new ArrayList<>(withheld);
        this.held = withheld.isEmpty() ? List.of() : new ArrayList<>(held);
    }

    /// The session holds a subscription from now on.
    public void holds(TopicFilter filter) {
        if (!withheld.isEmpty()) {
            withheld.remove(filter);
            held.add(filter);
        }
    }

    /// The session does not hold a subscription any more.
    public void holdsNoMore(TopicFilter filter) {
        if (!withheld.isEmpty()) {
            withheld.remove(filter);
            held.removeIf(filter::equals);
        }
    }

    boolean mayReceive(TopicName topic) {
        return authorizer.mayReceive(subject, topic)
                && (withheld.isEmpty() || !matches(withheld, topic) || matches(held, topic));
    }

    private static boolean matches(List<TopicFilter> filters, TopicName topic) {
        for (TopicFilter filter : filters) {
            if (filter.matches(topic)) {
                return true;
            }
        }
        return false;
    }
}
