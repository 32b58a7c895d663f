package io.sotto.testkit.table;

/// What a server does about a packet, as a client sees it.
public sealed interface Reaction {
    /// CONNACK with 0x00; the connection is open.
    record Welcome() implements Reaction {}

    /// Exactly these bytes; the connection goes on.
    ///
    /// @param hex in upper case, without spaces
    record Answer(String hex) implements Reaction {}

    /// Nothing at all; the connection goes on.
    record Silence() implements Reaction {}

    /// Nothing yet: the packet is not complete.
    record Patience() implements Reaction {}

    /// CONNACK with this code and no session, then the end.
    record Refusal(int code) implements Reaction {}

    /// DISCONNECT with this code, then the end.
    record Dismissal(int code) implements Reaction {}

    /// The end without a packet.
    record End() implements Reaction {}
}
