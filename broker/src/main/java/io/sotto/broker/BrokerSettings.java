package io.sotto.broker;

import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.spi.Message;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.codec.DecoderLimits;

/// How a broker behaves where the standard leaves a choice.
///
/// @param decoder bounds of single packets; settings `limits.connect-size`, `limits.packet-size`,
///   ...
/// @param queue bounds of what waits for one session
/// @param clients rules for clients and their sessions
/// @param capabilities what is offered at all
/// @param quotas bounds of all together, and of how fast one may be
/// @param keeping how surely what is acknowledged is kept, where that differs
/// @param sysInterval how often the broker figures below `$SYS` are published, in seconds, 0 for
///   never; setting `sys-interval`
public record BrokerSettings(
        DecoderLimits decoder,
        QueueLimits queue,
        Clients clients,
        Capabilities capabilities,
        Quotas quotas,
        Keeping keeping,
        int sysInterval) {

    public static final BrokerSettings DEFAULT =
            new BrokerSettings(
                    DecoderLimits.DEFAULT,
                    QueueLimits.DEFAULT,
                    Clients.DEFAULT,
                    Capabilities.DEFAULT,
                    Quotas.DEFAULT,
                    Keeping.AS_USUAL,
                    10);

    /// These settings with those of others that may change while clients are there: all about
    /// queues and clients, what is offered to whoever connects from now on, and the bounds that
    /// nothing was made for. The rest waits for the next start.
    BrokerSettings adjusted(BrokerSettings others) {
        return new BrokerSettings(
                decoder,
                others.queue,
                others.clients,
                others.capabilities.retaining(capabilities.retainedMessages),
                quotas.adjusted(others.quotas),
                keeping,
                sysInterval);
    }

    /// Rules for clients and their sessions.
    ///
    /// @param connectTimeout within which the whole login must be done, in seconds, 1 to 3,600;
    ///   setting `limits.connect-timeout`
    /// @param clientIdBytes the longest client id in bytes of UTF-8, 23 to 65,535; setting
    ///   `limits.client-id-bytes`
    /// @param emptyClientId whether a client may leave its id to the broker; setting
    ///   `clients.empty-id`
    /// @param boundClientId whether a session belongs to the user who began it; setting
    ///   `clients.bound-id`
    /// @param strictMqtt31 whether MQTT 3.1 client ids are at most 23 characters long; setting
    ///   `clients.strict-mqtt-3.1`
    /// @param sessionExpiryMaximum the longest that a session outlives its connection, in seconds,
    ///   0xFFFFFFFF for ever; setting `limits.session-expiry`
    /// @param keepAliveMaximum the longest keep alive, in seconds, 0 for no bound; setting
    ///   `limits.keep-alive`
    /// @param subscriptions how many one session may hold; setting `limits.subscriptions`
    /// @param sharedAbsence after how many seconds without its client the shared messages of a
    ///   member go to others, -1 for not before its session ends; setting `shared.absence`
    /// @param forbiddenPublishCloses whether a PUBLISH that is not allowed ends a 3.x connection,
    ///   instead of being acknowledged and dropped; setting `clients.close-on-forbidden-publish`
    /// @param upgradedQoS whether a message goes out at the QoS of the subscription, also where it
    ///   was published at a lower one; setting `clients.upgrade-qos`
    public record Clients(
            int connectTimeout,
            int clientIdBytes,
            boolean emptyClientId,
            boolean boundClientId,
            boolean strictMqtt31,
            long sessionExpiryMaximum,
            int keepAliveMaximum,
            int subscriptions,
            int sharedAbsence,
            boolean forbiddenPublishCloses,
            boolean upgradedQoS) {

        public static final Clients DEFAULT =
                new Clients(
                        10,
                        65_535,
                        true,
                        true,
                        false,
                        7L * 24 * 3600,
                        0,
                        100_000,
                        30,
                        false,
                        false);

        /// A message as it goes to subscribers. The broker's own figures stay what they are: they
        /// are not to fill queues.
        Message outgoing(Message message) {
            return upgradedQoS && !ReservedTopics.contains(message.topic())
                    ? message.upgraded()
                    : message;
        }

        /// What a client gets of the session expiry interval that it asks for.
        long sessionExpiry(long asked) {
            return Math.min(asked, sessionExpiryMaximum);
        }

        /// What a 3.x client gets for clean session 0: as long as may be.
        long longestSession() {
            return sessionExpiry(Connect.EXPIRES_NEVER);
        }
    }

    /// What is offered, as CONNACK announces it.
    ///
    /// @param receiveMaximum how many QoS 1 and 2 messages a 5.0 client may have open, 1 to 65,535;
    ///   setting `limits.receive-maximum`
    /// @param receiveMaximumTolerated whether a client that has more open is served all the same;
    ///   setting `clients.tolerate-receive-maximum`
    /// @param topicAliasMaximum how many topic aliases a client may set, 0 to 65,535; setting
    ///   `limits.topic-aliases`
    /// @param maximumQoS the highest QoS; setting `mqtt.maximum-qos`
    /// @param retain whether messages are retained; setting `mqtt.retain`
    /// @param wildcards whether filters may have wildcards; setting `mqtt.wildcards`
    /// @param sharing whether there are shared subscriptions; setting `mqtt.shared-subscriptions`
    /// @param retainedMessages how many retained messages are kept at most; setting
    ///   `limits.retained`
    public record Capabilities(
            int receiveMaximum,
            boolean receiveMaximumTolerated,
            int topicAliasMaximum,
            QoS maximumQoS,
            boolean retain,
            boolean wildcards,
            boolean sharing,
            int retainedMessages) {

        public static final Capabilities DEFAULT =
                new Capabilities(1024, false, 32, QoS.EXACTLY_ONCE, true, true, true, 10_000_000);

        private Capabilities retaining(int most) {
            return new Capabilities(
                    receiveMaximum,
                    receiveMaximumTolerated,
                    topicAliasMaximum,
                    maximumQoS,
                    retain,
                    wildcards,
                    sharing,
                    most);
        }
    }

    /// Bounds of all clients together, and of how fast one may be.
    ///
    /// @param sessions how many there may be, connected or not; setting `limits.sessions`
    /// @param subscriptions how many all sessions together may hold; setting
    ///   `limits.subscriptions-in-all`
    /// @param retainedBytes how many bytes of topics and payloads are retained at most, 0 for no
    ///   bound; setting `limits.retained-bytes`
    /// @param unreleased how many QoS 2 messages of one client may be unreleased, 1 to 65,535;
    ///   setting `limits.unreleased`
    /// @param messagesPerClient how many packets one connection may send in a second,
    ///   acknowledgements not counted, 0 for no bound; setting `limits.message-rate-per-client`
    /// @param messagesPerAddress the same for all connections from one address; setting
    ///   `limits.message-rate-per-address`
    /// @param connectsPerClient how often one client id may log in in a minute, 0 for no bound;
    ///   setting `limits.connect-rate-per-client`
    public record Quotas(
            int sessions,
            int subscriptions,
            long retainedBytes,
            int unreleased,
            int messagesPerClient,
            int messagesPerAddress,
            int connectsPerClient) {

        public static final Quotas DEFAULT =
                new Quotas(10_000_000, 100_000_000, 4L << 30, 65_535, 0, 0, 0);

        private Quotas adjusted(Quotas others) {
            return new Quotas(
                    others.sessions,
                    others.subscriptions,
                    retainedBytes,
                    others.unreleased,
                    messagesPerClient,
                    messagesPerAddress,
                    connectsPerClient);
        }
    }
}
