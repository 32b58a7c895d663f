package io.sotto.store;

import java.nio.charset.StandardCharsets;

/// The parts of the store. Numbers in keys are big-endian, so that keys sort by number.
public enum Space {
    /// What the store knows of itself.
    META(1),
    /// Session number and a tag: see [SessionRecords].
    SESSIONS(2),
    /// Session number and topic filter: the options of the subscription.
    GRANTS(3),
    /// Session number and packet identifier: QoS 2 messages taken over and not released.
    RECEIVED(4),
    /// Message number: the message, with the copy that is owed where it is a single one.
    MESSAGES(5),
    /// Message number and session number: a copy of a message that several sessions are owed.
    OWED(6),
    /// Session number and packet identifier: a copy on its way to its client.
    INFLIGHT(7),
    /// Topic name: the retained message.
    RETAINED(8),
    /// Session number, number of a message, and a tag: see [Page].
    PAGES(9);

    private static final Space[] BY_ID = new Space[values().length + 1];

    static {
        for (Space space : values()) {
            BY_ID[space.id] = space;
        }
    }

    private final int id;

    Space(int id) {
        this.id = id;
    }

    /// What a part is known by in batches and files: a part of the format.
    int id() {
        return id;
    }

    /// A key, for people.
    String describe(byte[] key) {
        boolean isText = this == META || this == RETAINED;
        return isText
                ? "'" + new String(key, StandardCharsets.UTF_8) + "'"
                : (this == MESSAGES || this == OWED ? "message " : "session ")
                        + (key.length < Long.BYTES ? "?" : Keys.number(key));
    }

    static Space of(int id) {
        return BY_ID[id];
    }
}
