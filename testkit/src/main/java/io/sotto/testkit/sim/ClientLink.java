package io.sotto.testkit.sim;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One connection of a simulated client, from the client's side.
final class ClientLink {
    private final SimulatedClient client;
    private final SimulatedLink link;
    private final Connect connect;
    private final Decoder decoder;
    private final Bytes unread = new Bytes();
    private final Map<String, Integer> aliases = new HashMap<>();
    private final Deque<Packet> answers = new ArrayDeque<>();
    private boolean online;
    private boolean withholding;
    private boolean stalled;
    private int aliasMaximum;

    ClientLink(SimulatedClient client, SimulatedLink link, Connect connect, World world) {
        this.client = client;
        this.link = link;
        this.connect = connect;
        this.decoder = world.decoder(Sender.SERVER);
        decoder.version(connect.version());
    }

    SimulatedClient client() {
        return client;
    }

    SimulatedLink link() {
        return link;
    }

    Connect connect() {
        return connect;
    }

    boolean isModern() {
        return connect.version() == ProtocolVersion.MQTT_5;
    }

    /// Whether CONNACK came.
    boolean isOnline() {
        return online;
    }

    void online(int aliasMaximum) {
        this.online = true;
        this.aliasMaximum = aliasMaximum;
    }

    /// The alias of a topic that the broker knows already, or 0.
    int knownAlias(String topic) {
        return aliases.getOrDefault(topic, 0);
    }

    /// A new alias for a topic, or 0 when there is none left.
    int freshAlias(String topic) {
        if (aliases.size() >= aliasMaximum) {
            return 0;
        }
        aliases.put(topic, aliases.size() + 1);
        return aliases.size();
    }

    boolean isStalled() {
        return stalled;
    }

    void stalled(boolean stops) {
        stalled = stops;
    }

    boolean isWithholding() {
        return withholding;
    }

    /// Whether answers are kept back for a while.
    void withholding(boolean keepsBack) {
        withholding = keepsBack;
        while (!withholding && !answers.isEmpty()) {
            send(answers.remove());
        }
    }

    /// Answers a packet, now or when answers are no longer kept back; always in order.
    void answer(Packet packet) {
        answers.add(packet);
        withholding(withholding);
    }

    void send(Packet packet) {
        ByteBuffer out = ByteBuffer.allocate(Encoder.size(packet, connect.version()));
        Encoder.write(packet, connect.version(), out);
        link.incoming().send(out.array());
    }

    /// The packets that are whole with these bytes.
    List<Packet> received(byte[] bytes) {
        unread.add(bytes, 0, bytes.length);
        byte[] all = unread.take(unread.size());
        ByteBuffer in = ByteBuffer.wrap(all);
        List<Packet> packets = new ArrayList<>();
        for (Packet packet = decoder.read(in); packet != null; packet = decoder.read(in)) {
            packets.add(packet);
        }
        unread.add(all, in.position(), all.length - in.position());
        return packets;
    }
}
