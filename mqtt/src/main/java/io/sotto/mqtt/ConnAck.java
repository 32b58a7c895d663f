package io.sotto.mqtt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to CONNECT.
public record ConnAck(boolean sessionPresent, ReasonCode reason, Properties properties)
        implements Packet {

    /// A refusal; the session present flag is 0 [MQTT-3.2.2-6].
    public static ConnAck refused(ReasonCode reason, String sentence) {
        return new ConnAck(false, reason, Properties.DEFAULT.with(Diagnostics.of(sentence)));
    }

    /// The properties of CONNACK; a value equal to its default is not written.
    ///
    /// @param sessionExpiryInterval in seconds, or -1 where the client's value holds
    /// @param maximumPacketSize in bytes, 0 for no limit
    /// @param serverKeepAlive in seconds, or -1 where the client's value holds
    public record Properties(
            long sessionExpiryInterval,
            int receiveMaximum,
            QoS maximumQoS,
            boolean retainAvailable,
            long maximumPacketSize,
            @Nullable String assignedClientIdentifier,
            int topicAliasMaximum,
            Diagnostics diagnostics,
            boolean wildcardSubscriptionAvailable,
            boolean subscriptionIdentifiersAvailable,
            boolean sharedSubscriptionAvailable,
            int serverKeepAlive,
            @Nullable String responseInformation,
            @Nullable String serverReference,
            @Nullable String authenticationMethod,
            @Nullable Payload authenticationData) {

        public static final Properties DEFAULT =
                new Properties(
                        -1,
                        65_535,
                        QoS.EXACTLY_ONCE,
                        true,
                        0,
                        null,
                        0,
                        Diagnostics.NONE,
                        true,
                        true,
                        true,
                        -1,
                        null,
                        null,
                        null,
                        null);

        /// The same with other diagnostics.
        public Properties with(Diagnostics other) {
            return new Properties(
                    sessionExpiryInterval,
                    receiveMaximum,
                    maximumQoS,
                    retainAvailable,
                    maximumPacketSize,
                    assignedClientIdentifier,
                    topicAliasMaximum,
                    other,
                    wildcardSubscriptionAvailable,
                    subscriptionIdentifiersAvailable,
                    sharedSubscriptionAvailable,
                    serverKeepAlive,
                    responseInformation,
                    serverReference,
                    authenticationMethod,
                    authenticationData);
        }

        /// User properties, for symmetry with the other packets.
        public List<UserProperty> userProperties() {
            return diagnostics.userProperties();
        }
    }
}
