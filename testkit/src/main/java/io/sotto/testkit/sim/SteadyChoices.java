package io.sotto.testkit.sim;

import io.sotto.broker.BrokerSettings;
import io.sotto.broker.Keeping;
import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.QueueLimits.Bound;
import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.session.QueueLimits.PrefixBound;
import io.sotto.broker.session.QueueLimits.Together;
import io.sotto.broker.spi.Durability;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import io.sotto.mqtt.codec.DecoderLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Choices under which nothing may be lost for another reason than a fault of the broker: no
/// message expires, is too large or is refused, and no queue is too small. A careful client also
/// never gives its session up.
final class SteadyChoices extends Choices {
    private static final int LONG = 100_000;

    private final Dice dice;
    private final boolean careful;

    SteadyChoices(Dice dice, boolean careful) {
        super(dice);
        this.dice = dice;
        this.careful = careful;
    }

    @Override
    BrokerSettings settings() {
        BrokerSettings usual = BrokerSettings.DEFAULT;
        return new BrokerSettings(
                DecoderLimits.DEFAULT,
                dice.chance(60) ? roomy() : holding(),
                usual.clients(),
                usual.capabilities(),
                usual.quotas(),
                dice.chance(60) ? usual.keeping() : lax(),
                0);
    }

    /// Messages of some topics are kept less surely than others, and one of them surely after all.
    private Keeping lax() {
        return new Keeping(
                Durability.SYNC,
                Map.of(),
                List.of(
                        new Keeping.OfTopic(filter("b/#"), Durability.MEMORY),
                        new Keeping.OfTopic(filter("a/+"), Durability.ASYNC),
                        new Keeping.OfTopic(filter("b/b/c"), Durability.SYNC)));
    }

    private static TopicFilter filter(String text) {
        return TopicFilter.of(text, TopicLimits.NONE);
    }

    private QueueLimits roomy() {
        return new QueueLimits(
                1_000_000,
                1L << 30,
                Overflow.DROP_NEW,
                dice.pick(1024, 1, 4),
                dice.chance(80) ? Long.MAX_VALUE : dice.pick(1, 20, 60),
                false,
                dice.pick(0, 1, 3, 64),
                Together.UNBOUNDED);
    }

    /// Queues that are full soon: whoever publishes is refused or not read, and nothing is dropped.
    private QueueLimits holding() {
        Overflow[] policies = {
            dice.chance(50) ? Overflow.REFUSE : Overflow.BLOCK,
            dice.chance(50) ? Overflow.REFUSE : Overflow.BLOCK,
            dice.chance(50) ? Overflow.REFUSE : Overflow.BLOCK
        };
        return new QueueLimits(
                dice.pick(1, 3, 10, 1_000_000),
                dice.chance(70) ? 1L << 30 : 60,
                policies[0],
                dice.pick(1024, 1, 4),
                dice.chance(80) ? Long.MAX_VALUE : dice.pick(1, 20, 60),
                false,
                dice.pick(0, 1, 3, 64),
                new Together(
                        dice.chance(50)
                                ? Bound.NONE
                                : new Bound(dice.pick(2, 5, 20), Long.MAX_VALUE, policies[1]),
                        dice.chance(50)
                                ? List.of()
                                : List.of(
                                        new PrefixBound(
                                                "k", new Bound(dice.pick(2, 6), 500, policies[2]))),
                        dice.pick(1, 2)));
    }

    @Override
    Connect connect(String clientId, String willPayload) {
        if (!careful) {
            return super.connect(clientId, willPayload);
        }
        boolean modern = dice.chance(60);
        Connect.Properties properties =
                modern
                        ? new Connect.Properties(
                                LONG,
                                dice.pick(65_535, 65_535, 1, 2, 5),
                                0,
                                dice.pick(0, 2),
                                false,
                                true,
                                List.of(),
                                null,
                                null)
                        : Connect.Properties.DEFAULT;
        ProtocolVersion version = modern ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1;
        return new Connect(
                version,
                false,
                false,
                0,
                clientId,
                dice.chance(30) ? will(modern, willPayload) : null,
                null,
                null,
                properties);
    }

    private @Nullable Will will(boolean modern, String payload) {
        return new Will(
                TopicName.of(dice.pick(WILL_TOPICS)),
                Payload.of(payload),
                QoS.of(dice.below(3)),
                false,
                modern ? dice.pick(0, 1, 20) : 0,
                PublishProperties.NONE);
    }

    @Override
    PublishProperties messageProperties() {
        PublishProperties any = super.messageProperties();
        return new PublishProperties(
                any.payloadFormatIndicator(),
                PublishProperties.ABSENT,
                any.contentType(),
                any.responseTopic(),
                any.correlationData(),
                any.userProperties());
    }

    @Override
    boolean changesExpiry() {
        return !careful && super.changesExpiry();
    }

    @Override
    boolean refuses() {
        return false;
    }

    @Override
    List<Subscribe.Request> requests(boolean modern) {
        List<Subscribe.Request> requests = new ArrayList<>();
        for (Subscribe.Request each : super.requests(modern)) {
            boolean shared = each.filter().startsWith("$share/");
            requests.add(
                    careful
                            ? new Subscribe.Request(
                                    shared ? "#" : each.filter(),
                                    each.qos(),
                                    false,
                                    modern && dice.chance(20),
                                    modern
                                            ? dice.pick(List.of(RetainHandling.values()))
                                            : RetainHandling.SEND)
                            : each);
        }
        return requests;
    }
}
