package io.sotto.testkit.sim;

import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;

/// The way from the broker to a client: bytes that were written and not read yet.
final class Outgoing {
    private final SimulatedLink link;
    private final World world;
    private final int highWater;
    private final Bytes inFlight = new Bytes();
    private final Bytes untapped = new Bytes();
    private final Decoder tap;
    private ByteBuffer room = ByteBuffer.allocate(256);
    private int begin;
    private boolean congested;

    Outgoing(SimulatedLink link, World world, int highWater) {
        this.link = link;
        this.world = world;
        this.highWater = highWater;
        this.tap = world.decoder(Sender.SERVER);
    }

    void version(ProtocolVersion version) {
        tap.version(version);
    }

    /// Somewhere in a larger buffer, as buffers are.
    ByteBuffer room(int bytes) {
        if (room.remaining() < bytes) {
            room = ByteBuffer.allocate(Math.max(256, bytes + bytes / 2));
        }
        begin = room.position();
        return room;
    }

    void written() {
        add(room.array(), begin, room.position() - begin);
    }

    void share(Payload payload) {
        byte[] bytes = payload.toByteArray();
        add(bytes, 0, bytes.length);
    }

    private void add(byte[] bytes, int from, int length) {
        inFlight.add(bytes, from, length);
        congested |= inFlight.size() >= highWater;
        untapped.add(bytes, from, length);
        world.trace().mix(bytes, from, length);
        world.sync();
        byte[] all = untapped.take(untapped.size());
        ByteBuffer in = ByteBuffer.wrap(all);
        int before = 0;
        for (Packet packet = tap.read(in); packet != null; packet = tap.read(in)) {
            world.note(link.name(), "sent", packet);
            world.witness().written(link, packet, in.position() - before);
            before = in.position();
        }
        untapped.add(all, before, all.length - before);
    }

    int size() {
        return inFlight.size();
    }

    boolean isWritable() {
        return inFlight.size() < highWater;
    }

    byte[] take(int bytes) {
        return inFlight.take(bytes);
    }

    void lose() {
        inFlight.clear();
    }

    /// Whether the broker is to be told that there is room again; true once.
    boolean hasRoomAgain() {
        boolean now = congested && inFlight.size() < highWater / 2;
        congested &= !now;
        return now;
    }
}
