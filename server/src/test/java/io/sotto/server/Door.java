package io.sotto.server;

import io.sotto.conformance.Version;
import io.sotto.server.DoorRow.Verdict;
import java.util.function.Predicate;

/// A way in or out at which a right is asked for.
@SuppressWarnings("ImmutableEnumChecker") // its functions are methods without state
enum Door {
    PUBLISH(OutwardDoors::publish, row -> true),
    TOPIC_ALIAS(OutwardDoors::alias, Door::isModern),
    RETAINED_STORED(OutwardDoors::retained, row -> true),
    RETAIN_PERMISSION(OutwardDoors::retainPermission, row -> true),
    WILL_AT_CONNECT(OutwardDoors::willAtConnect, row -> true),
    WILL_WHEN_IT_FIRES(OutwardDoors::will, row -> true),
    DELAYED_WILL(OutwardDoors::delayedWill, Door::isModern),
    FILTER_OF_A_SUBSCRIBE(InwardDoors::filter, row -> true),
    SHARED_FILTER(InwardDoors::sharedFilter, row -> true),
    SUBSCRIPTION_HELD(InwardDoors::held, row -> true),
    DELIVERY(InwardDoors::delivery, row -> true),
    RETAINED_REPLAYED(InwardDoors::replayed, row -> true),
    // QoS 0 does not wait, and is not sent again.
    QUEUED_ON_RESUME(InwardDoors::queued, row -> row.qos() > 0),
    SENT_AGAIN_ON_RESUME(InwardDoors::sentAgain, row -> row.qos() > 0),
    // There is nothing below QoS 0.
    LOWER_QOS(InwardDoors::lowerQos, row -> row.qos() > 0),
    // What follows knows no QoS.
    CONNECT(IdentityDoors::connect, Door::once),
    // The user of a session does not change, so that nothing can be revoked.
    CLIENT_ID(IdentityDoors::clientId, row -> once(row) && row.verdict() != Verdict.REVOKED),
    // Nobody is asked over HTTP about one who is there.
    REAUTHENTICATION(
            IdentityDoors::reauthentication,
            row -> once(row) && isModern(row) && row.by() != DoorRow.By.HTTP),
    UNSUBSCRIBE(InwardDoors::unsubscribe, Door::once);

    private final Way way;
    private final Predicate<DoorRow> exists;

    Door(Way way, Predicate<DoorRow> exists) {
        this.way = way;
        this.exists = exists;
    }

    /// Tries to get through; whether that worked.
    private interface Way {
        boolean passes(DoorVisit visit);
    }

    private static boolean isModern(DoorRow row) {
        return row.version() == Version.V5;
    }

    private static boolean once(DoorRow row) {
        return row.qos() == 0;
    }

    /// Whether there is such a row.
    boolean has(DoorRow row) {
        return exists.test(row);
    }

    boolean passes(DoorVisit visit) {
        return way.passes(visit);
    }

    /// Nobody needs a right to leave.
    boolean isOpenTo(Verdict verdict) {
        return verdict == Verdict.ALLOWED || this == UNSUBSCRIBE;
    }
}
