package io.sotto.mqtt.codec;

import io.sotto.mqtt.Auth;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ReasonCode;

/// AUTH, 5.0 only.
///
/// ```text
/// | 0xF0 | length | reason (1) | properties |
///                 '- both left out for success without properties
/// ```
final class AuthCodec {
    private AuthCodec() {}

    static Auth read(WireReader in) {
        ReasonSet allowed =
                in.sender() == Sender.CLIENT ? ReasonSet.AUTH_OF_CLIENT : ReasonSet.AUTH_OF_SERVER;
        if (in.remaining() == 0) {
            return new Auth(allowed.of(ReasonCode.SUCCESS.code()), null, null, Diagnostics.NONE);
        }
        ReasonCode reason = allowed.of(in.one());
        PropertyValues values = PropertyValues.read(in, PropertySet.AUTH);
        String method = values.text(Property.AUTHENTICATION_METHOD);
        if (method == null) {
            throw ProtocolException.protocolError(
                    "AUTH without authentication method [5.0, 3.15.2.2.2]");
        }
        return new Auth(reason, method, values.authenticationData(), values.diagnostics());
    }

    static void write(Auth auth, WireWriter out) {
        boolean properties =
                auth.authenticationMethod() != null
                        || auth.authenticationData() != null
                        || !auth.diagnostics().isNone();
        if (auth.reason() == ReasonCode.SUCCESS && !properties) {
            return;
        }
        out.one(auth.reason().code());
        out.properties(auth, AuthCodec::writeProperties);
    }

    private static void writeProperties(Auth auth, WireWriter out) {
        out.text(Property.AUTHENTICATION_METHOD, auth.authenticationMethod());
        out.data(Property.AUTHENTICATION_DATA, auth.authenticationData());
        out.diagnostics(auth.diagnostics());
    }
}
