package io.sotto.server.config;

import static io.sotto.server.config.Quantity.bytes;
import static io.sotto.server.config.Quantity.count;
import static io.sotto.server.config.Quantity.seconds;

import io.sotto.access.LoginBrake;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.BrokerSettings.Capabilities;
import io.sotto.broker.BrokerSettings.Clients;
import io.sotto.broker.BrokerSettings.Quotas;
import io.sotto.broker.Keeping;
import io.sotto.broker.session.QueueLimits;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.transport.TransportSettings;

/// The keys of the settings that the rooms define; each stands in the doc comment of its component.
final class BrokerKeys {
    private static final int YEAR = 365 * 24 * 3600;
    private static final long LARGEST_PACKET = 256L << 20;

    private BrokerKeys() {}

    static BrokerSettings broker(Settings settings, Keeping keeping) {
        return new BrokerSettings(
                decoder(settings),
                queue(settings),
                clients(settings),
                capabilities(settings),
                quotas(settings),
                keeping,
                settings.integer(
                        "sys-interval",
                        seconds(1, 3600).or("never", 0),
                        BrokerSettings.DEFAULT.sysInterval()));
    }

    private static DecoderLimits decoder(Settings settings) {
        DecoderLimits fallback = DecoderLimits.DEFAULT;
        return new DecoderLimits(
                settings.integer(
                        "limits.connect-size", bytes(128, LARGEST_PACKET), fallback.connectSize()),
                settings.integer(
                        "limits.packet-size", bytes(128, LARGEST_PACKET), fallback.packetSize()),
                settings.integer(
                        "limits.user-properties", count(0, 1_000_000), fallback.userProperties()),
                settings.integer(
                        "limits.filters-per-packet", count(1, 1_000_000), fallback.filters()),
                topics(settings));
    }

    private static TopicLimits topics(Settings settings) {
        TopicLimits fallback = TopicLimits.DEFAULT;
        return new TopicLimits(
                settings.integer("limits.topic-bytes", count(1, 65_535), fallback.maximumBytes()),
                settings.integer("limits.topic-levels", count(1, 65_535), fallback.maximumLevels()),
                settings.flag("limits.control-characters", fallback.controlCharacters()));
    }

    private static QueueLimits queue(Settings settings) {
        QueueLimits fallback = QueueLimits.DEFAULT;
        return new QueueLimits(
                settings.integer("queue.messages", count(1, 1_000_000_000), fallback.messages()),
                settings.number("queue.bytes", bytes(1024, 1L << 40), fallback.bytes()),
                settings.choice("queue.overflow", fallback.overflow()),
                settings.integer("limits.inflight", count(1, 65_535), fallback.window()),
                settings.number(
                        "limits.inflight-bytes",
                        bytes(1024, 1L << 40).or("unlimited", Long.MAX_VALUE),
                        fallback.windowBytes()),
                settings.flag("queue.qos0", fallback.keepQoS0()),
                settings.integer("queue.resident", count(0, 1_000_000), fallback.resident()),
                QueueKeys.together(settings));
    }

    private static Clients clients(Settings settings) {
        Clients fallback = Clients.DEFAULT;
        return new Clients(
                settings.integer(
                        "limits.connect-timeout", seconds(1, 3600), fallback.connectTimeout()),
                settings.integer(
                        "limits.client-id-bytes", count(23, 65_535), fallback.clientIdBytes()),
                settings.flag("clients.empty-id", fallback.emptyClientId()),
                settings.flag("clients.bound-id", fallback.boundClientId()),
                settings.flag("clients.strict-mqtt-3.1", fallback.strictMqtt31()),
                settings.number(
                        "limits.session-expiry",
                        seconds(0, 100L * YEAR).or("unlimited", Connect.EXPIRES_NEVER),
                        fallback.sessionExpiryMaximum()),
                settings.integer(
                        "limits.keep-alive",
                        seconds(1, 65_535).or("unlimited", 0),
                        fallback.keepAliveMaximum()),
                settings.integer(
                        "limits.subscriptions", count(1, 10_000_000), fallback.subscriptions()),
                settings.integer(
                        "shared.absence",
                        seconds(0, YEAR).or("never", -1),
                        fallback.sharedAbsence()),
                settings.flag(
                        "clients.close-on-forbidden-publish", fallback.forbiddenPublishCloses()),
                settings.flag("clients.upgrade-qos", fallback.upgradedQoS()));
    }

    private static Capabilities capabilities(Settings settings) {
        Capabilities fallback = Capabilities.DEFAULT;
        return new Capabilities(
                settings.integer(
                        "limits.receive-maximum", count(1, 65_535), fallback.receiveMaximum()),
                settings.flag(
                        "clients.tolerate-receive-maximum", fallback.receiveMaximumTolerated()),
                settings.integer(
                        "limits.topic-aliases", count(0, 65_535), fallback.topicAliasMaximum()),
                QoS.of(
                        settings.integer(
                                "mqtt.maximum-qos", count(0, 2), fallback.maximumQoS().level())),
                settings.flag("mqtt.retain", fallback.retain()),
                settings.flag("mqtt.wildcards", fallback.wildcards()),
                settings.flag("mqtt.shared-subscriptions", fallback.sharing()),
                settings.integer(
                        "limits.retained", count(0, 1_000_000_000), fallback.retainedMessages()));
    }

    private static Quotas quotas(Settings settings) {
        Quotas fallback = Quotas.DEFAULT;
        return new Quotas(
                settings.integer("limits.sessions", count(1, 1_000_000_000), fallback.sessions()),
                settings.integer(
                        "limits.subscriptions-in-all",
                        count(1, 1_000_000_000),
                        fallback.subscriptions()),
                settings.number(
                        "limits.retained-bytes",
                        bytes(1024, 1L << 40).or("unlimited", 0),
                        fallback.retainedBytes()),
                settings.integer("limits.unreleased", count(1, 65_535), fallback.unreleased()),
                rate(settings, "limits.message-rate-per-client", fallback.messagesPerClient()),
                rate(settings, "limits.message-rate-per-address", fallback.messagesPerAddress()),
                rate(settings, "limits.connect-rate-per-client", fallback.connectsPerClient()));
    }

    static TransportSettings transport(Settings settings) {
        TransportSettings fallback = TransportSettings.DEFAULT;
        return new TransportSettings(
                settings.integer("loops", count(1, 1024), fallback.loops()),
                settings.integer(
                        "limits.write-buffer", bytes(256 << 10, 1 << 30), fallback.writeBuffer()),
                settings.integer("limits.write-timeout", seconds(1, 3600), fallback.writeTimeout()),
                settings.integer(
                        "limits.connections", count(1, 10_000_000), fallback.connections()),
                settings.integer(
                        "limits.connections-per-address",
                        count(1, 10_000_000).or("unlimited", 0),
                        fallback.connectionsPerAddress()),
                rate(settings, "limits.connect-rate-per-address", fallback.connectRatePerAddress()),
                settings.number(
                        "limits.receive-memory",
                        bytes(1 << 20, 1L << 40),
                        fallback.receiveMemory()),
                settings.integer(
                        "limits.packet-timeout",
                        seconds(1, 86_400).or("unlimited", 0),
                        fallback.packetTimeout()),
                settings.integer(
                        "limits.send-buffer",
                        bytes(16 << 10, 64 << 20).or("system", 0),
                        fallback.sendBuffer()));
    }

    static LoginBrake.Limits logins(Settings settings) {
        LoginBrake.Limits fallback = LoginBrake.Limits.DEFAULT;
        return new LoginBrake.Limits(
                rate(settings, "limits.login-failures", fallback.failures()),
                settings.integer("limits.login-pause", seconds(1, 60), fallback.pause()));
    }

    /// So many, or as many as there are.
    private static int rate(Settings settings, String key, int fallback) {
        return settings.integer(key, count(1, 1_000_000).or("unlimited", 0), fallback);
    }
}
