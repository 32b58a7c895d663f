package io.sotto.broker.session;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.MountPoint;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the client of a session may be handed now: what the rules say of each topic, nothing that
/// only a subscription called for which it may not hold any more, and nothing for which it has no
/// name at the mount point of its listener.
public final class Rights {
    private final Authorizer authorizer;
    private Subject subject;
    private @Nullable MountPoint mount;
    private List<TopicFilter> withheld = List.of();
    private List<TopicFilter> held = List.of();

    Rights(Authorizer authorizer, Subject subject) {
        this.authorizer = authorizer;
        this.subject = subject;
        this.mount = mount(subject);
    }

    /// The client is there: the same user, perhaps from another place.
    void of(Subject present) {
        subject = present;
        mount = mount(present);
    }

    private static @Nullable MountPoint mount(Subject subject) {
        MountPoint mount = subject.origin().terms().mountPoint();
        return mount.isNone() ? null : mount;
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
        return (mount == null || mount.holds(topic))
                && authorizer.mayReceive(subject, topic)
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
