package io.sotto.mqtt.codec;

import io.sotto.mqtt.Ack;
import io.sotto.mqtt.Auth;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.Unsubscribe;
import java.nio.ByteBuffer;

/// Packets written as bytes. What a version does not have is left out.
///
/// A packet that cannot be written (a text of more than 65,535 bytes, AUTH before 5.0, a CONNACK
/// whose reason has no return code in 3.x) is a fault of the caller: `IllegalArgumentException`.
public final class Encoder {
    private Encoder() {}

    /// How many bytes the whole packet takes.
    public static int size(Packet packet, ProtocolVersion version) {
        int length = length(packet, version);
        return 1 + WireWriter.variableSize(length) + length;
    }

    /// Writes the whole packet.
    ///
    /// @param version that of the connection; a CONNECT is written in its own
    /// @param out big-endian, with room for [#size] bytes
    public static void write(Packet packet, ProtocolVersion version, ByteBuffer out) {
        int length = length(packet, version);
        WireWriter writer = WireWriter.to(out);
        writer.one(firstByte(packet));
        writer.variable(length);
        writeBody(packet, version, writer);
    }

    /// How many bytes follow the fixed header.
    private static int length(Packet packet, ProtocolVersion version) {
        if (packet instanceof Ack ack) {
            return AckCodec.length(ack, version);
        }
        if (packet instanceof Publish publish && PublishCodec.isPlain(publish, version)) {
            return PublishCodec.lengthOfPlain(publish, version);
        }
        WireWriter counting = WireWriter.counting();
        writeBody(packet, version, counting);
        return counting.count();
    }

    private static int firstByte(Packet packet) {
        return switch (packet) {
            case Publish publish ->
                    PublishCodec.firstByte(publish) | (publish.dup() ? PublishCodec.DUP : 0);
            case Ack ack -> AckCodec.type(ack).firstByte();
            case Connect _ -> PacketType.CONNECT.firstByte();
            case ConnAck _ -> PacketType.CONNACK.firstByte();
            case Subscribe _ -> PacketType.SUBSCRIBE.firstByte();
            case SubAck _ -> PacketType.SUBACK.firstByte();
            case Unsubscribe _ -> PacketType.UNSUBSCRIBE.firstByte();
            case UnsubAck _ -> PacketType.UNSUBACK.firstByte();
            case PingReq _ -> PacketType.PINGREQ.firstByte();
            case PingResp _ -> PacketType.PINGRESP.firstByte();
            case Disconnect _ -> PacketType.DISCONNECT.firstByte();
            case Auth _ -> PacketType.AUTH.firstByte();
        };
    }

    private static void writeBody(Packet packet, ProtocolVersion version, WireWriter out) {
        switch (packet) {
            case Publish publish -> PublishCodec.write(publish, version, out);
            case Ack ack -> AckCodec.write(ack, version, out);
            case Connect connect -> ConnectCodec.write(connect, out);
            case ConnAck connAck -> ConnAckCodec.write(connAck, version, out);
            case Subscribe subscribe -> SubscribeCodec.write(subscribe, version, out);
            case SubAck subAck -> SubAckCodec.write(subAck, version, out);
            case Unsubscribe unsubscribe -> UnsubscribeCodec.write(unsubscribe, version, out);
            case UnsubAck unsubAck -> UnsubAckCodec.write(unsubAck, version, out);
            case PingReq _, PingResp _ -> {}
            case Disconnect disconnect -> DisconnectCodec.write(disconnect, version, out);
            case Auth auth -> {
                if (!version.hasProperties()) {
                    throw new IllegalArgumentException("AUTH exists in 5.0 only");
                }
                AuthCodec.write(auth, out);
            }
        }
    }
}
