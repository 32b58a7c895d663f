package io.sotto.broker.routing;

import io.sotto.broker.session.Session;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Via;
import io.sotto.broker.topic.HashTrie;
import java.util.List;

/// A session's claim on the messages of a filter.
public record Subscription(Session key, Grant grant) implements HashTrie.Entry<Session> {
    /// Who subscribed.
    public Session session() {
        return key;
    }

    Via via() {
        List<Integer> identifiers =
                grant.identifier() == 0 ? List.of() : List.of(grant.identifier());
        if (grant.filter().isShared()) {
            return new Via(identifiers, grant.filter());
        }
        return identifiers.isEmpty() ? Via.PLAIN : new Via(identifiers, null);
    }
}
