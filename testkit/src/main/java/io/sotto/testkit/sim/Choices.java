package io.sotto.testkit.sim;

import io.sotto.broker.BrokerSettings;
import io.sotto.broker.BrokerSettings.Quotas;
import io.sotto.broker.Keeping;
import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.QueueLimits.Bound;
import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.session.QueueLimits.PrefixBound;
import io.sotto.broker.session.QueueLimits.Together;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UserProperty;
import io.sotto.mqtt.Will;
import io.sotto.mqtt.codec.DecoderLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is chosen by chance: the broker's settings, and what clients say and ask for. Few topics
/// and few filters, so that they meet.
class Choices {
    static final List<String> TOPICS =
            List.of("a", "a/b", "a/b/c", "a/c", "b", "b/c", "b/b/c", "/a", "$x/a");
    static final List<String> WILL_TOPICS = List.of("will/a", "will/b/c");
    private static final List<String> FILTERS =
            List.of(
                    "#", "a/#", "a/+", "+/b", "a/b", "a", "+/+/c", "a/+/c", "/+", "b/#", "+",
                    "$x/#", "+/c", "will/#", "will/+", "+/a", "b/+/+", "b/c");
    private static final List<String> SHARES = List.of("$share/g/", "$share/h/");

    private final Dice dice;

    Choices(Dice dice) {
        this.dice = dice;
    }

    BrokerSettings settings() {
        QueueLimits queue =
                new QueueLimits(
                        dice.pick(100_000, 100_000, 3, 12),
                        dice.chance(85) ? 64L << 20 : 60,
                        dice.chance(50) ? Overflow.DROP_NEW : Overflow.DROP_OLD,
                        dice.pick(1024, 1024, 1, 4),
                        dice.chance(80) ? Long.MAX_VALUE : dice.pick(1, 20, 60),
                        dice.chance(20),
                        64,
                        together());
        BrokerSettings.Clients defaults = BrokerSettings.Clients.DEFAULT;
        BrokerSettings.Clients clients =
                new BrokerSettings.Clients(
                        defaults.connectTimeout(),
                        defaults.clientIdBytes(),
                        true,
                        true,
                        false,
                        dice.chance(80) ? defaults.sessionExpiryMaximum() : 20,
                        0,
                        defaults.subscriptions(),
                        dice.pick(-1, 1, 30),
                        false,
                        false);
        BrokerSettings.Capabilities capabilities =
                new BrokerSettings.Capabilities(
                        dice.pick(1024, 3),
                        false,
                        dice.pick(0, 4),
                        QoS.EXACTLY_ONCE,
                        true,
                        true,
                        true,
                        10_000);
        return new BrokerSettings(
                DecoderLimits.DEFAULT,
                queue,
                clients,
                capabilities,
                Quotas.DEFAULT,
                Keeping.AS_USUAL,
                0);
    }

    /// Bounds of several queues together, now and then. The model cannot tell who is held back, so
    /// that nobody is; see [SteadyChoices].
    private Together together() {
        return new Together(
                dice.chance(85) ? Bound.NONE : dropping(),
                dice.chance(85)
                        ? List.of()
                        : List.of(
                                new PrefixBound("c1", dropping()),
                                new PrefixBound("c", dropping())),
                1);
    }

    private Bound dropping() {
        return new Bound(
                dice.pick(2, 5, 20),
                dice.chance(50) ? Long.MAX_VALUE : 100,
                dice.chance(50) ? Overflow.DROP_NEW : Overflow.DROP_OLD);
    }

    Connect connect(String clientId, String willPayload) {
        ProtocolVersion version =
                List.of(
                                ProtocolVersion.MQTT_5,
                                ProtocolVersion.MQTT_3_1_1,
                                ProtocolVersion.MQTT_3_1)
                        .get(dice.weighted(60, 35, 5));
        Connect.Properties properties =
                version == ProtocolVersion.MQTT_5
                        ? connectProperties()
                        : Connect.Properties.DEFAULT;
        return new Connect(
                version,
                false,
                dice.chance(25),
                dice.chance(60) ? 0 : dice.pick(1, 4, 60),
                clientId,
                dice.chance(40) ? will(version, willPayload) : null,
                null,
                null,
                properties);
    }

    private Connect.Properties connectProperties() {
        return new Connect.Properties(
                dice.pick(0, 2, 10, 300, 300, 300)
                        + (dice.chance(5) ? Connect.EXPIRES_NEVER - 300 : 0),
                dice.pick(65_535, 65_535, 1, 2, 5),
                dice.chance(90) ? 0 : dice.between(70, 120),
                dice.pick(0, 0, 2, 10),
                false,
                dice.chance(80),
                List.of(),
                null,
                null);
    }

    /// The connection on which a client catches up at the end.
    Connect lastConnect(String clientId) {
        boolean modern = dice.chance(60);
        Connect.Properties properties =
                modern
                        ? new Connect.Properties(
                                300, dice.pick(65_535, 2), 0, 0, false, true, List.of(), null, null)
                        : Connect.Properties.DEFAULT;
        ProtocolVersion version = modern ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1;
        return new Connect(version, false, false, 0, clientId, null, null, null, properties);
    }

    private @Nullable Will will(ProtocolVersion version, String payload) {
        boolean modern = version == ProtocolVersion.MQTT_5;
        return new Will(
                TopicName.of(dice.pick(WILL_TOPICS)),
                Payload.of(payload),
                QoS.of(dice.below(3)),
                dice.chance(30),
                modern ? dice.pick(0, 0, 1, 3, 20) : 0,
                modern ? messageProperties() : PublishProperties.NONE);
    }

    PublishProperties messageProperties() {
        if (dice.chance(70)) {
            return PublishProperties.NONE;
        }
        return new PublishProperties(
                dice.chance(30) ? 1 : PublishProperties.ABSENT,
                dice.chance(40) ? dice.pick(1, 2, 10) : PublishProperties.ABSENT,
                dice.chance(30) ? "text" : null,
                dice.chance(30) ? "answers/here" : null,
                dice.chance(30) ? Payload.of("c" + dice.below(100)) : null,
                dice.chance(50)
                        ? List.of(
                                new UserProperty("k", "1"),
                                new UserProperty("a", "2"),
                                new UserProperty("k", "1"))
                        : List.of());
    }

    /// Whether DISCONNECT changes the session expiry interval.
    boolean changesExpiry() {
        return dice.chance(30);
    }

    /// Whether a message is refused that came.
    boolean refuses() {
        return dice.chance(2);
    }

    QoS qos() {
        return QoS.of(dice.weighted(20, 40, 40));
    }

    String filter() {
        String plain = dice.pick(FILTERS);
        return dice.chance(25) ? dice.pick(SHARES) + plain : plain;
    }

    List<Subscribe.Request> requests(boolean modern) {
        List<Subscribe.Request> requests = new ArrayList<>();
        for (int count = dice.pick(1, 1, 1, 2, 3); count > 0; count--) {
            String filter = filter();
            boolean shared = filter.startsWith("$share/");
            requests.add(
                    new Subscribe.Request(
                            filter,
                            qos(),
                            modern && !shared && dice.chance(20),
                            modern && dice.chance(40),
                            modern
                                    ? dice.pick(List.of(RetainHandling.values()))
                                    : RetainHandling.SEND));
        }
        return requests;
    }
}
