package io.sotto.testkit.sim;

import io.sotto.broker.Connection;
import io.sotto.broker.Shard;
import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Origin;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A network connection without a network: real bytes both ways, late, in pieces, or lost.
final class SimulatedLink implements Link {
    private final World world;
    private final int id;
    private final Origin origin;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private int shard;
    private Peer peer = Peer.THERE;
    private State state = State.SERVED;
    private final long acceptedAt;
    private long fedAt;
    private @Nullable Connection connection;

    /// What has become of the broker's end.
    private enum State {
        SERVED,
        MOVING,
        CLOSED,
        /// Closed, and the client was told.
        ENDED
    }

    /// What has become of the client's end.
    enum Peer {
        THERE,
        /// It left; what it sent before still comes, then the end.
        LEFT,
        /// It broke; what was under way is lost, and the broker will be told.
        BROKEN,
        /// It is gone without a sign.
        SILENT,
        /// The broker was told.
        TOLD
    }

    /// @param id its port, by which the witness knows it again
    SimulatedLink(World world, int id, int highWater, ProtocolVersion version) {
        this.world = world;
        this.id = id;
        this.origin = new Origin("sim", "link", id, true);
        this.incoming = new Incoming(this, world);
        this.outgoing = new Outgoing(this, world, highWater);
        this.fedAt = world.now();
        this.acceptedAt = world.now();
        outgoing.version(version);
    }

    /// Begins to be served.
    void accept(Shard by) {
        shard = by.index();
        connection = by.accept(this, world.now());
    }

    int id() {
        return id;
    }

    String name() {
        return "link " + id + "/" + shard;
    }

    int shard() {
        return shard;
    }

    Peer peer() {
        return peer;
    }

    void peer(Peer state) {
        peer = state;
        if (state == Peer.BROKEN || state == Peer.SILENT) {
            incoming.lose();
            outgoing.lose();
        }
    }

    Incoming incoming() {
        return incoming;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    long acceptedAt() {
        return acceptedAt;
    }

    /// When the broker was last offered bytes.
    long fedAt() {
        return fedAt;
    }

    /// Whether the broker closed it.
    boolean isClosed() {
        return state == State.CLOSED || state == State.ENDED;
    }

    boolean isMoving() {
        return state == State.MOVING;
    }

    /// The broker's process ends, and with it this.
    void abort() {
        state = State.ENDED;
        incoming.lose();
        outgoing.lose();
    }

    /// Whether the client was told of the end.
    boolean hasEnded() {
        return state == State.ENDED;
    }

    void end() {
        state = State.ENDED;
    }

    private Connection connection() {
        Connection served = connection;
        if (served == null) {
            throw new IllegalStateException("not served yet");
        }
        return served;
    }

    void feed(int bytes) {
        fedAt = world.now();
        incoming.feed(connection(), bytes);
    }

    void sync() {
        incoming.sync();
    }

    void tellLost() {
        peer = Peer.TOLD;
        connection().lost("connection lost", world.now());
    }

    void tellWritable() {
        connection().writable(world.now());
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public ByteBuffer room(int bytes) {
        return outgoing.room(bytes);
    }

    @Override
    public void written() {
        outgoing.written();
        forgetIfDeaf();
    }

    @Override
    public void share(Payload payload) {
        outgoing.share(payload);
        forgetIfDeaf();
    }

    private void forgetIfDeaf() {
        if (peer == Peer.BROKEN || peer == Peer.TOLD) {
            outgoing.lose();
        }
    }

    @Override
    public boolean isWritable() {
        return outgoing.isWritable();
    }

    @Override
    public boolean isReading() {
        return !incoming.isPaused();
    }

    @Override
    public void pauseReading() {
        incoming.pause();
    }

    @Override
    public void resumeReading() {
        world.sync();
        incoming.resume();
        world.witness().resumed(this);
    }

    @Override
    public void moveTo(int to, LongConsumer arrived) {
        state = State.MOVING;
        world.note(name(), "moves", to);
        world.errands()
                .add(
                        new World.Errand(
                                to,
                                name() + " arrives",
                                () -> {
                                    state = State.SERVED;
                                    shard = to;
                                    arrived.accept(world.now());
                                }));
    }

    @Override
    public void close() {
        world.sync();
        if (isClosed()) {
            throw new Violation("link", "closed twice");
        }
        state = State.CLOSED;
        world.note(name(), "closed", null);
        world.witness().closed(this);
    }
}
