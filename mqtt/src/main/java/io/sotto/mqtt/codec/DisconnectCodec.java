package io.sotto.mqtt.codec;

import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;

/// DISCONNECT.
///
/// ```text
/// | 0xE0 | length | reason (1) | properties |
///                 '- 5.0; left out from the end when they say nothing
/// ```
final class DisconnectCodec {
    private static final int NO_EXPIRY = -1;

    private DisconnectCodec() {}

    static Disconnect read(WireReader in, ProtocolVersion version) {
        if (!version.hasProperties() || in.remaining() == 0) {
            return Disconnect.NORMAL;
        }
        boolean client = in.sender() == Sender.CLIENT;
        ReasonCode reason =
                (client ? ReasonSet.DISCONNECT_OF_CLIENT : ReasonSet.DISCONNECT_OF_SERVER)
                        .of(in.one());
        if (in.remaining() == 0) {
            return new Disconnect(reason, NO_EXPIRY, Diagnostics.NONE, null);
        }
        PropertyValues values = PropertyValues.read(in, PropertySet.DISCONNECT);
        if (!client && values.has(Property.SESSION_EXPIRY_INTERVAL)) {
            throw ProtocolException.protocolError(
                    "session expiry interval of a server [MQTT-3.14.2-2]");
        }
        return new Disconnect(
                reason,
                values.number(Property.SESSION_EXPIRY_INTERVAL, (long) NO_EXPIRY),
                values.diagnostics(),
                values.text(Property.SERVER_REFERENCE));
    }

    static void write(Disconnect disconnect, ProtocolVersion version, WireWriter out) {
        if (!version.hasProperties()) {
            return;
        }
        boolean properties =
                disconnect.sessionExpiryInterval() != NO_EXPIRY
                        || !disconnect.diagnostics().isNone()
                        || disconnect.serverReference() != null;
        if (disconnect.reason() == ReasonCode.SUCCESS && !properties) {
            return;
        }
        out.one(disconnect.reason().code());
        if (properties) {
            out.properties(disconnect, DisconnectCodec::writeProperties);
        }
    }

    private static void writeProperties(Disconnect disconnect, WireWriter out) {
        out.number(Property.SESSION_EXPIRY_INTERVAL, disconnect.sessionExpiryInterval(), NO_EXPIRY);
        out.text(Property.SERVER_REFERENCE, disconnect.serverReference());
        out.diagnostics(disconnect.diagnostics());
    }
}
