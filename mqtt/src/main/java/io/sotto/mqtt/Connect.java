package io.sotto.mqtt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first packet of a client.
///
/// @param bridge the peer set the customary top bit of the protocol level (0x83, 0x84): it is a
///   bridge and wants its own messages not echoed and retain flags as published
/// @param keepAlive in seconds, 0 for none
public record Connect(
        ProtocolVersion version,
        boolean bridge,
        boolean cleanStart,
        int keepAlive,
        String clientId,
        @Nullable Will will,
        @Nullable String userName,
        @Nullable Payload password,
        Properties properties)
        implements Packet {

    /// Never expires: the session expiry interval 0xFFFFFFFF.
    public static final long EXPIRES_NEVER = 0xFFFF_FFFFL;

    /// The properties of CONNECT; the defaults are those of the standard for 5.0.
    ///
    /// @param sessionExpiryInterval in seconds, [#EXPIRES_NEVER] for no end
    /// @param maximumPacketSize in bytes, 0 for no limit
    public record Properties(
            long sessionExpiryInterval,
            int receiveMaximum,
            long maximumPacketSize,
            int topicAliasMaximum,
            boolean requestResponseInformation,
            boolean requestProblemInformation,
            List<UserProperty> userProperties,
            @Nullable String authenticationMethod,
            @Nullable Payload authenticationData) {

        public static final Properties DEFAULT =
                new Properties(0, 65_535, 0, 0, false, true, List.of(), null, null);

        public Properties {
            userProperties = List.copyOf(userProperties);
        }
    }
}
