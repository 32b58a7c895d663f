package io.sotto.broker.session;

import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Auth;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.PublishFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The way to one connected client: its link, its protocol version and what it said it can take.
public final class Line {
    /// From this size on a payload is sent by reference; below, a copy is cheaper.
    static final int SHARED_FROM = 8 * 1024;

    private final Link link;
    private final Frames frames;
    private final Traffic traffic;
    private final Ability ability;
    private final End end;
    private Map<TopicName, Integer> aliases = Map.of();
    private long packetsIn;
    private long bytesIn;
    private long packetsOut;
    private long bytesOut;

    public Line(Link link, Frames frames, Traffic traffic, Ability ability, End end) {
        this.link = link;
        this.frames = frames.at(link.origin().terms().mountPoint());
        this.traffic = traffic;
        this.ability = ability;
        this.end = end;
    }

    /// What went over it so far: packets of every kind behind CONNECT, and their bytes.
    public record Flow(long packetsIn, long bytesIn, long packetsOut, long bytesOut) {}

    public Flow flow() {
        return new Flow(packetsIn, bytesIn, packetsOut, bytesOut);
    }

    /// Packets were taken from it.
    public void received(int packets, int bytes) {
        packetsIn += packets;
        bytesIn += bytes;
    }

    private void sent(int packets, int bytes) {
        packetsOut += packets;
        bytesOut += bytes;
        traffic.sent(packets, bytes);
    }

    /// The connection that this is the line of.
    public interface End {
        /// Tells the client why, where its version can be told, and closes.
        void disconnect(ReasonCode reason, String sentence, long now);

        /// The same as the broker stops: a will that may wait for the next start is not published.
        void shutDown(long now);
    }

    public End end() {
        return end;
    }

    /// What the client said of itself in CONNECT.
    ///
    /// @param maximumPacketSize in bytes, `Integer.MAX_VALUE` for no limit
    /// @param window how many QoS 1 and 2 messages it takes at a time, 1 to 65,535
    /// @param problemInformation whether it wants reason strings on other packets than CONNACK and
    ///   DISCONNECT [MQTT-3.1.2-29]
    public record Ability(
            ProtocolVersion version,
            int maximumPacketSize,
            int window,
            int topicAliasMaximum,
            boolean problemInformation) {}

    public ProtocolVersion version() {
        return ability.version;
    }

    public Link link() {
        return link;
    }

    int window() {
        return ability.window;
    }

    boolean isWritable() {
        return link.isWritable();
    }

    /// Sends a packet other than PUBLISH. Diagnostics that the client did not ask for, or that
    /// would make the packet too large for it, are left out; what is still too large is not sent
    /// [MQTT-3.1.2-24].
    ///
    /// @return whether it was sent
    public boolean send(Packet packet) {
        Packet wanted = ability.problemInformation ? packet : terse(packet);
        int size = Encoder.size(wanted, ability.version);
        if (size > ability.maximumPacketSize) {
            wanted = bare(wanted);
            size = Encoder.size(wanted, ability.version);
            if (size > ability.maximumPacketSize) {
                return false;
            }
        }
        Encoder.write(wanted, ability.version, link.room(size));
        link.written();
        sent(1, size);
        return true;
    }

    /// Whether a packet can be sent at all, if need be without diagnostics.
    public boolean fits(Packet packet) {
        return Encoder.size(bare(packet), ability.version) <= ability.maximumPacketSize;
    }

    private static Packet terse(Packet packet) {
        return packet instanceof ConnAck || packet instanceof Disconnect ? packet : bare(packet);
    }

    /// The packet without reason string and user properties.
    private static Packet bare(Packet packet) {
        return switch (packet) {
            case ConnAck p ->
                    new ConnAck(
                            p.sessionPresent(), p.reason(), p.properties().with(Diagnostics.NONE));
            case PubAck p -> new PubAck(p.packetId(), p.reason(), Diagnostics.NONE);
            case PubRec p -> new PubRec(p.packetId(), p.reason(), Diagnostics.NONE);
            case PubRel p -> new PubRel(p.packetId(), p.reason(), Diagnostics.NONE);
            case PubComp p -> new PubComp(p.packetId(), p.reason(), Diagnostics.NONE);
            case SubAck p -> new SubAck(p.packetId(), p.reasons(), Diagnostics.NONE);
            case UnsubAck p -> new UnsubAck(p.packetId(), p.reasons(), Diagnostics.NONE);
            case Disconnect p ->
                    new Disconnect(p.reason(), p.sessionExpiryInterval(), Diagnostics.NONE, null);
            case Auth p ->
                    new Auth(
                            p.reason(),
                            p.authenticationMethod(),
                            p.authenticationData(),
                            Diagnostics.NONE);
            default -> packet;
        };
    }

    /// The frame of a message for this client; new aliases are given as long as there are any
    /// [MQTT-3.1.2-26].
    PublishFrame frame(Message message, QoS qos, boolean retain, Via via, long now) {
        Message seen = frames.seen(message);
        List<Integer> identifiers = ability.version.hasProperties() ? via.identifiers() : List.of();
        if (ability.topicAliasMaximum == 0 && identifiers.isEmpty()) {
            return frames.of(seen, ability.version, qos, retain, now);
        }
        Publish plain = Frames.packet(seen, qos, retain, now);
        Integer alias = aliases.get(message.topic());
        if (alias != null) {
            return Frames.special(plain, TopicName.ABSENT, alias, identifiers);
        }
        int fresh = aliases.size() < ability.topicAliasMaximum ? aliases.size() + 1 : 0;
        return Frames.special(plain, seen.topic(), fresh, identifiers);
    }

    /// Whether a frame is within the maximum packet size of the client.
    boolean fits(PublishFrame frame) {
        return frame.size() <= ability.maximumPacketSize;
    }

    /// Sends a frame that fits.
    void publish(Message message, PublishFrame frame, int packetId, boolean dup) {
        if (aliases.size() < ability.topicAliasMaximum) {
            if (aliases.isEmpty()) {
                aliases = new HashMap<>();
            }
            aliases.putIfAbsent(message.topic(), aliases.size() + 1);
        }
        if (frame.payload().size() < SHARED_FROM) {
            frame.write(link.room(frame.size()), packetId, dup);
            link.written();
        } else {
            frame.writeHead(link.room(frame.headSize()), packetId, dup);
            link.written();
            link.share(frame.payload());
        }
        sent(1, frame.size());
    }

    /// Sends several QoS 0 messages in one piece, and enters them in the books, where they look the
    /// same as for others and there is room.
    ///
    /// @return false when each has to be looked at, and none was sent
    boolean publish(Sheaf sheaf, boolean retain, Via via, Ledger ledger) {
        boolean modern = ability.version.hasProperties();
        if (ability.topicAliasMaximum > 0
                || modern && !via.identifiers().isEmpty()
                || frames.isMounted()
                || !link.isWritable()) {
            return false;
        }
        Sheaf.Block block = sheaf.block(ability.version, retain);
        if (block == null || block.largest() > ability.maximumPacketSize) {
            return false;
        }
        int size = block.bytes().size();
        link.share(block.bytes());
        sent(block.count(), size);
        ledger.delivered(block.count(), size);
        return true;
    }
}
