package io.sotto.testkit.sim;

import io.sotto.mqtt.QoS;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One copy of a message that somebody is owed: a session, or any member of a share group.
final class Copy extends Debt {
    private final ModelMessage message;
    private final QoS qos;
    private final boolean retain;
    private final List<Integer> identifiers;
    private final @Nullable String share;
    private @Nullable ModelSession owner;
    private Owed.@Nullable Claim claim;
    private boolean identified = true;
    private boolean optional;
    private boolean released;
    private boolean maybeFree;
    private long order;

    Copy(
            ModelMessage message,
            QoS qos,
            boolean retain,
            List<Integer> identifiers,
            @Nullable String share) {
        this.message = message;
        this.qos = qos;
        this.retain = retain;
        this.identifiers = identifiers;
        this.share = share;
    }

    ModelMessage message() {
        return message;
    }

    QoS qos() {
        return qos;
    }

    boolean retain() {
        return retain;
    }

    /// Sorted.
    List<Integer> identifiers() {
        return identifiers;
    }

    /// The shared subscription, or null.
    @Nullable String share() {
        return share;
    }

    /// The session that it is for, or null for a share group.
    @Nullable ModelSession owner() {
        return owner;
    }

    void owner(ModelSession session) {
        owner = session;
    }

    /// Whether it came from a share group and may go back to it.
    boolean isShared() {
        return claim != null && claim.chosen() instanceof Copy chosen && chosen.share != null;
    }

    /// Whether it may be one of some copies.
    boolean isAnyOf(Predicate<Copy> wanted) {
        return claim != null
                && claim.options().stream()
                        .anyMatch(option -> option instanceof Copy copy && wanted.test(copy));
    }

    /// By what it was taken from what is owed, or null.
    Owed.@Nullable Claim claim() {
        return claim;
    }

    void claim(Owed.Claim by) {
        claim = by;
    }

    /// Whether its subscription identifiers are certain.
    boolean isIdentified() {
        return identified;
    }

    void identified(boolean certain) {
        identified = certain;
    }

    /// Whether it may as well not arrive.
    boolean isOptional() {
        return optional;
    }

    void makeOptional() {
        optional = true;
    }

    /// Whether PUBREC came for it.
    boolean isReleased() {
        return released;
    }

    void release() {
        released = true;
    }

    /// Whether it may have been given back to its share group.
    boolean isMaybeFree() {
        return maybeFree;
    }

    void maybeFree(boolean may) {
        maybeFree = may;
    }

    /// Its place among the first sendings.
    long order() {
        return order;
    }

    void order(long place) {
        order = place;
    }

    @Override
    public String toString() {
        return "copy of " + message.key() + " at " + qos + (share == null ? "" : " for " + share);
    }
}
