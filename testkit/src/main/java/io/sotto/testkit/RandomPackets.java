package io.sotto.testkit;

import io.sotto.mqtt.Auth;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.Unsubscribe;
import io.sotto.mqtt.UserProperty;
import io.sotto.mqtt.Will;
import io.sotto.mqtt.codec.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Valid packets of all types and versions, drawn from a seed: the same seed, the same packets.
public final class RandomPackets {
    private static final long FOUR_BYTES = 0xFFFF_FFFFL;
    private static final int VARIABLE = 268_435_455;

    /// The letters of texts: one to four bytes each, U+FEFF among them.
    private static final String[] LETTERS = {
        "a", "b", "Z", "0", " ", "$", "~", "ß", "я", "€", "漢", "\uFEFF", "\uD83C\uDF21"
    };

    private final SplittableRandom random;
    private final Sender sender;
    private final ProtocolVersion version;

    public RandomPackets(long seed, Sender sender, ProtocolVersion version) {
        this.random = new SplittableRandom(seed);
        this.sender = sender;
        this.version = version;
    }

    /// The next packet that this sender may send in this version.
    public Packet next() {
        return sender == Sender.CLIENT ? ofClient() : ofServer();
    }

    private Packet ofClient() {
        return switch (random.nextInt(version.hasProperties() ? 11 : 10)) {
            case 0 -> connect();
            case 1, 2 -> publish();
            case 3 -> puback();
            case 4 -> pubrec();
            case 5 -> pubrel();
            case 6 -> pubcomp();
            case 7 -> subscribe();
            case 8 -> new Unsubscribe(id(), userProperties(), some(this::text));
            case 9 -> random.nextBoolean() ? PingReq.INSTANCE : disconnect();
            default -> auth();
        };
    }

    private Packet ofServer() {
        return switch (random.nextInt(version.hasProperties() ? 12 : 10)) {
            case 0 -> connAck();
            case 1, 2 -> publish();
            case 3 -> puback();
            case 4 -> pubrec();
            case 5 -> pubrel();
            case 6 -> pubcomp();
            case 7 -> subAck();
            case 8 -> unsubAck();
            case 9 -> PingResp.INSTANCE;
            case 10 -> disconnect();
            default -> auth();
        };
    }

    private Connect connect() {
        boolean hasProperties = version.hasProperties();
        String userName = maybe(this::text);
        boolean password = userName != null || hasProperties;
        return new Connect(
                version,
                !hasProperties && random.nextInt(8) == 0,
                random.nextBoolean(),
                random.nextInt(0x1_0000),
                text(),
                maybe(this::will),
                userName,
                password ? maybe(this::data) : null,
                hasProperties ? connectProperties() : Connect.Properties.DEFAULT);
    }

    private Connect.Properties connectProperties() {
        String method = maybe(this::text);
        return new Connect.Properties(
                four(),
                1 + random.nextInt(0xFFFF),
                four(),
                random.nextInt(0x1_0000),
                random.nextBoolean(),
                random.nextBoolean(),
                userProperties(),
                method,
                method == null ? null : maybe(this::data));
    }

    private Will will() {
        return new Will(
                topic(),
                data(),
                qos(),
                random.nextBoolean(),
                version.hasProperties() ? four() : 0,
                publishProperties());
    }

    private ConnAck connAck() {
        if (!version.hasProperties()) {
            boolean present = version != ProtocolVersion.MQTT_3_1 && random.nextBoolean();
            ReasonCode reason =
                    present
                            ? ReasonCode.SUCCESS
                            : one(ReasonCode.NOT_AUTHORIZED, ReasonCode.SERVER_UNAVAILABLE);
            return new ConnAck(present, reason, ConnAck.Properties.DEFAULT);
        }
        boolean present = random.nextBoolean();
        ReasonCode reason =
                present ? ReasonCode.SUCCESS : one(ReasonCode.SUCCESS, ReasonCode.QUOTA_EXCEEDED);
        String method = maybe(this::text);
        return new ConnAck(
                present,
                reason,
                new ConnAck.Properties(
                        random.nextBoolean() ? -1 : four(),
                        1 + random.nextInt(0xFFFF),
                        qos(),
                        random.nextBoolean(),
                        four(),
                        maybe(this::text),
                        random.nextInt(0x1_0000),
                        diagnostics(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextInt(-1, 0x1_0000),
                        maybe(this::text),
                        maybe(this::text),
                        method,
                        method == null ? null : maybe(this::data)));
    }

    private Publish publish() {
        QoS qos = qos();
        int alias = version.hasProperties() && random.nextBoolean() ? id() : 0;
        boolean absent = alias > 0 && random.nextBoolean();
        boolean identified = version.hasProperties() && sender == Sender.SERVER;
        return new Publish(
                absent ? TopicName.ABSENT : topic(),
                data(),
                qos,
                random.nextBoolean(),
                qos != QoS.AT_MOST_ONCE && random.nextBoolean(),
                qos == QoS.AT_MOST_ONCE ? 0 : id(),
                alias,
                identified ? some(() -> 1 + random.nextInt(VARIABLE)) : List.of(),
                publishProperties());
    }

    private PublishProperties publishProperties() {
        if (!version.hasProperties() || random.nextBoolean()) {
            return PublishProperties.NONE;
        }
        return new PublishProperties(
                random.nextInt(-1, 2),
                random.nextBoolean() ? PublishProperties.ABSENT : four(),
                maybe(this::text),
                maybe(() -> topic().toString()),
                maybe(this::data),
                userProperties());
    }

    private Packet puback() {
        ReasonCode reason = reason(ReasonCode.NO_MATCHING_SUBSCRIBERS, ReasonCode.NOT_AUTHORIZED);
        return new PubAck(id(), reason, diagnostics());
    }

    private Packet pubrec() {
        ReasonCode reason = reason(ReasonCode.SUCCESS, ReasonCode.QUOTA_EXCEEDED);
        return new PubRec(id(), reason, diagnostics());
    }

    private Packet pubrel() {
        ReasonCode reason = reason(ReasonCode.SUCCESS, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        return new PubRel(id(), reason, diagnostics());
    }

    private Packet pubcomp() {
        ReasonCode reason = reason(ReasonCode.SUCCESS, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        return new PubComp(id(), reason, diagnostics());
    }

    private Subscribe subscribe() {
        int identifier =
                version.hasProperties() && random.nextBoolean() ? 1 + random.nextInt(VARIABLE) : 0;
        return new Subscribe(id(), identifier, userProperties(), some(this::request));
    }

    private Subscribe.Request request() {
        if (!version.hasProperties()) {
            return new Subscribe.Request(text(), qos(), false, false, RetainHandling.SEND);
        }
        boolean shared = random.nextInt(4) == 0;
        return new Subscribe.Request(
                shared ? "$share/g/" + text() : "t/" + text(),
                qos(),
                !shared && random.nextBoolean(),
                random.nextBoolean(),
                one(RetainHandling.values()));
    }

    private SubAck subAck() {
        return new SubAck(
                id(),
                some(() ->
                        one(
                                ReasonCode.SUCCESS,
                                ReasonCode.GRANTED_QOS_1,
                                ReasonCode.GRANTED_QOS_2,
                                ReasonCode.UNSPECIFIED_ERROR)),
                diagnostics());
    }

    private UnsubAck unsubAck() {
        List<ReasonCode> reasons =
                version.hasProperties()
                        ? some(() -> one(ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED))
                        : List.of();
        return new UnsubAck(id(), reasons, diagnostics());
    }

    private Disconnect disconnect() {
        if (!version.hasProperties()) {
            return Disconnect.NORMAL;
        }
        boolean client = sender == Sender.CLIENT;
        return new Disconnect(
                one(
                        ReasonCode.SUCCESS,
                        client ? ReasonCode.DISCONNECT_WITH_WILL : ReasonCode.SESSION_TAKEN_OVER),
                client && random.nextBoolean() ? four() : -1,
                diagnostics(),
                client ? null : maybe(this::text));
    }

    private Auth auth() {
        ReasonCode other =
                sender == Sender.CLIENT ? ReasonCode.RE_AUTHENTICATE : ReasonCode.SUCCESS;
        return new Auth(
                one(ReasonCode.CONTINUE_AUTHENTICATION, other),
                text(),
                maybe(this::data),
                diagnostics());
    }

    private Diagnostics diagnostics() {
        return version.hasProperties() && random.nextInt(3) == 0
                ? new Diagnostics(maybe(this::text), userProperties())
                : Diagnostics.NONE;
    }

    private List<UserProperty> userProperties() {
        return version.hasProperties() && random.nextInt(3) == 0
                ? some(() -> new UserProperty(text(), text()))
                : List.of();
    }

    /// One of the codes in 5.0; versions before know only success.
    private ReasonCode reason(ReasonCode... codes) {
        return version.hasProperties() ? one(codes) : ReasonCode.SUCCESS;
    }

    private TopicName topic() {
        return TopicName.of("t/" + text());
    }

    private String text() {
        int size = random.nextInt(32) == 0 ? random.nextInt(3_000) : random.nextInt(12);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    private Payload data() {
        byte[] bytes =
                new byte[random.nextInt(16) == 0 ? random.nextInt(20_000) : random.nextInt(40)];
        random.nextBytes(bytes);
        return Payload.copyOf(bytes);
    }

    private int id() {
        return 1 + random.nextInt(0xFFFF);
    }

    private long four() {
        return random.nextInt(4) == 0 ? FOUR_BYTES : random.nextLong(FOUR_BYTES);
    }

    private QoS qos() {
        return one(QoS.values());
    }

    @SafeVarargs
    private final <T> T one(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    private <T> List<T> some(Supplier<T> value) {
        List<T> list = new ArrayList<>();
        int size = 1 + random.nextInt(random.nextInt(16) == 0 ? 60 : 3);
        for (int i = 0; i < size; i++) {
            list.add(value.get());
        }
        return List.copyOf(list);
    }
}
