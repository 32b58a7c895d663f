package io.sotto.testkit.table;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;

/// One packet of a client, with what the standard says of it.
///
/// @param version of the connection
/// @param first whether it is the first packet, before the login; else the client has logged in
///   without a session, without a method of authentication and with Request Problem Information 0
/// @param fault the reason code with which a decoder refuses the packet, or 0
public record PacketCase(
        String title,
        ProtocolVersion version,
        boolean first,
        Payload bytes,
        int fault,
        Reaction reaction) {

    @Override
    public String toString() {
        return version + (first ? " first: " : ": ") + title;
    }
}
