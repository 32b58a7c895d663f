package io.sotto.testkit.sim;

import io.sotto.broker.Connection;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The way from a client to the broker: bytes in flight, and bytes that came and were not taken.
final class Incoming {
    private final SimulatedLink link;
    private final World world;
    private final Bytes inFlight = new Bytes();
    private final Bytes offered = new Bytes();
    private final Decoder tap;
    private @Nullable ByteBuffer current;
    private int seen;
    private boolean paused;
    private boolean again;

    Incoming(SimulatedLink link, World world) {
        this.link = link;
        this.world = world;
        this.tap = world.decoder(Sender.CLIENT);
    }

    void send(byte[] bytes) {
        inFlight.add(bytes, 0, bytes.length);
    }

    int inFlight() {
        return inFlight.size();
    }

    /// Whether the broker could be offered something.
    boolean isReadable() {
        return !paused && (!inFlight.isEmpty() || again);
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        again = !offered.isEmpty();
    }

    boolean isPaused() {
        return paused;
    }

    /// What is on the way is lost.
    void lose() {
        inFlight.clear();
    }

    /// Offers the broker what is there and some bytes more.
    void feed(Connection connection, int more) {
        again = false;
        offered.add(inFlight.take(more), 0, more);
        byte[] bytes = offered.take(offered.size());
        ByteBuffer in = ByteBuffer.wrap(bytes);
        current = in;
        seen = 0;
        world.feeding(link);
        try {
            connection.received(in, world.now());
            sync();
        } finally {
            world.feeding(null);
            current = null;
        }
        world.witness().handled();
        offered.add(bytes, in.position(), bytes.length - in.position());
    }

    /// Tells the witness of the packets that the broker has taken of what it was offered.
    void sync() {
        ByteBuffer in = current;
        if (in == null || in.position() <= seen) {
            return;
        }
        ByteBuffer taken = in.duplicate().position(seen);
        taken.limit(in.position());
        byte[] bytes = new byte[taken.remaining()];
        taken.duplicate().get(bytes);
        world.trace().mix(bytes, 0, bytes.length);
        seen = in.position();
        for (Packet packet = tap.read(taken); packet != null; packet = tap.read(taken)) {
            world.note(link.name(), "took", packet);
            world.witness().handled();
            world.witness().taken(link, packet);
        }
        if (taken.hasRemaining()) {
            throw new Violation("whole packets", "the broker took a part of a packet");
        }
    }
}
