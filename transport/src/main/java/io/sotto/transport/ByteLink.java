package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.sotto.broker.Connection;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Origin;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One connection: what comes in goes to its [Connection], what the broker writes leaves at the end
/// of the turn. Belongs to one loop at a time.
///
/// What it does to its [Wire] may call it back at once, while the broker is at work; therefore
/// nothing that the wire reports about writing reaches the broker but by a task of its own.
final class ByteLink implements Link {
    /// How long the peer has at least to take the last bytes and to close its side, in
    /// milliseconds.
    private static final int FAREWELL = 1_000;

    private final Wire wire;
    private final Arrival arrival;
    private final Input input;
    private final Output output;
    private ShardLoop loop;
    private LinkState state = LinkState.OPEN;
    private boolean paused;
    private boolean gone;
    private @Nullable String farewell;
    private long closedAt;
    private @Nullable Connection connection;
    private @Nullable Stall stall;

    /// @param loop where it begins
    ByteLink(ShardLoop loop, Wire wire, Arrival arrival) {
        this.loop = loop;
        this.wire = wire;
        this.arrival = arrival;
        this.input = new Input(loop.loops().unfinished());
        this.output = new Output(wire, loop.loops().memory());
    }

    @Override
    public Origin origin() {
        return arrival.origin();
    }

    /// Where the connection comes from, until its login free to be corrected.
    Arrival arrival() {
        return arrival;
    }

    /// The loop that it belongs to.
    ShardLoop loop() {
        return loop;
    }

    /// The wire is there.
    void begin() {
        connection = loop.shard().accept(this, loop.turn());
    }

    /// Takes all of these bytes of MQTT, or keeps them.
    void received(ByteBuf bytes) {
        Connection peer = connection;
        if (peer == null || isClosed()) {
            return;
        }
        long now = state == LinkState.MOVING ? 0 : loop.turn();
        boolean kept = true;
        while (kept && isReading() && bytes.isReadable()) {
            kept = input.offer(bytes, peer, now);
        }
        if (kept && !isClosed() && bytes.isReadable()) {
            kept = input.keep(bytes, now);
        }
        if (!kept) {
            giveUp(peer, Input.NO_ROOM);
        }
        if (isClosed()) {
            input.release();
        } else {
            watchPart();
        }
    }

    private void watchPart() {
        if (input.wantsWatching()) {
            loop.unfinished(this);
        }
    }

    private void giveUp(Connection peer, String sentence) {
        if (state == LinkState.MOVING) {
            wire.close();
        } else {
            peer.disconnect(ReasonCode.QUOTA_EXCEEDED, sentence, loop.turn());
        }
    }

    @Override
    public boolean isReading() {
        return state == LinkState.OPEN && !paused;
    }

    /// Whether nothing more is taken from the peer.
    boolean isClosed() {
        return state.compareTo(LinkState.PARTED) >= 0;
    }

    /// The wire, which was full, takes more.
    void hasRoom() {
        boolean wanted = state == LinkState.CLOSED || output.awaitsRoom();
        if (wanted && state != LinkState.MOVING) {
            ShardLoop here = loop;
            here.execute(() -> drained(here));
        }
    }

    private void drained(ShardLoop here) {
        if (here != loop || state == LinkState.MOVING || gone) {
            return;
        }
        boolean all = output.feed();
        wire.flush();
        if (!all) {
            goOnLater();
        }
        if (!all || closesBroken()) {
            return;
        }
        if (state == LinkState.CLOSED) {
            sayFarewell();
        } else if (state == LinkState.OPEN && connection != null && output.recover()) {
            connection.writable(loop.turn());
        }
    }

    /// The wire is closed.
    void ended() {
        gone = true;
        arrival.end();
        if (state == LinkState.MOVING) {
            return;
        }
        try {
            lose(farewell == null ? LOST : farewell);
        } catch (RuntimeException | AssertionError e) {
            loop.loops().fault("end of the connection from " + origin(), e);
            farewell = null;
        }
        if (farewell == null) {
            forget();
        }
    }

    /// The peer sends no more, or broke the rules of what carries MQTT. What it sent before still
    /// counts: it is kept while nothing is read, and taken as if the peer were there.
    ///
    /// @param why for the log
    void lose(String why) {
        Connection peer = connection;
        farewell = state == LinkState.MOVING ? why : null;
        if (state != LinkState.OPEN || peer == null) {
            return;
        }
        if (!paused) {
            input.offerRest(peer, loop.turn());
        }
        if (paused && !isClosed() && !input.isEmpty()) {
            farewell = why;
            closedAt = closedAt == 0 ? loop.turn() : closedAt;
            watchPart();
        } else {
            peer.lost(why, loop.turn());
        }
    }

    /// The loop ends: what a peer that has left had sent is not waited for any more.
    void forsakeOn(ShardLoop here) {
        Connection peer = connection;
        if (here == loop && farewell != null && state == LinkState.OPEN && peer != null) {
            peer.lost(farewell, here.turn());
        }
    }

    /// The wire is no more, and nothing of it is needed.
    private void forget() {
        state = LinkState.SENT;
        farewell = null;
        input.release();
        output.release();
    }

    /// What the peer has shown counts no longer: the client is sent away, 5.0 with 0x87.
    void revoke(String sentence) {
        Connection peer = connection;
        if (state == LinkState.MOVING) {
            wire.close();
        } else if (state == LinkState.OPEN && peer != null) {
            peer.disconnect(ReasonCode.NOT_AUTHORIZED, sentence, loop.turn());
        }
    }

    /// Resets and the like, and TLS that is broken, are ordinary ends of a connection; anything
    /// else is our fault.
    void failed(Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            tell("no memory for what passes through it");
        } else if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException)) {
            loop.loops().fault("connection from " + origin(), cause);
        }
        wire.close();
    }

    @Override
    public ByteBuffer room(int bytes) {
        assert loop.executor().inEventLoop();
        return output.room(bytes);
    }

    @Override
    public void written() {
        output.written();
        noteWritten();
    }

    @Override
    public void share(Payload payload) {
        output.share(payload, loop.shared());
        noteWritten();
    }

    private void noteWritten() {
        if (output.begin()) {
            loop.written(this);
        }
    }

    @Override
    public boolean isWritable() {
        return output.isWritable();
    }

    @Override
    public void pauseReading() {
        paused = true;
        noteWritten();
    }

    @Override
    public void resumeReading() {
        if (!paused || isClosed()) {
            return;
        }
        paused = false;
        if (input.isEmpty()) {
            wire.reading(true);
        } else {
            ShardLoop here = loop;
            here.execute(() -> resume(here));
        }
    }

    private void resume(ShardLoop here) {
        Connection peer = connection;
        if (here != loop || !isReading() || peer == null) {
            return;
        }
        input.restart(loop.turn());
        if (farewell != null) {
            lose(farewell);
        } else if (!input.offerRest(peer, loop.turn())) {
            giveUp(peer, Input.NO_ROOM);
        }
        if (gone && farewell == null) {
            forget();
        } else if (isClosed()) {
            input.release();
        } else if (isReading()) {
            wire.reading(true);
        }
    }

    @Override
    public void moveTo(int shard, LongConsumer arrived) {
        ShardLoop target = loop.loops().loop(shard);
        Connection peer = connection;
        if (target.isEnding() && peer != null) {
            peer.lost("the broker stops", loop.turn());
            return;
        }
        output.flush();
        state = LinkState.MOVING;
        wire.moveTo(target, arrived);
    }

    /// The present loop lets go of it.
    void leave(ShardLoop target) {
        loop = target;
    }

    /// The wire was closed before it could leave the present loop, where it ends then.
    void stay() {
        state = LinkState.OPEN;
        ended();
        forsakeOn(loop);
    }

    /// However the move has ended, it goes on in the new loop.
    void arrive(LongConsumer arrived) {
        state = LinkState.OPEN;
        if (paused) {
            noteWritten();
        }
        input.unwatch();
        input.restart(loop.turn());
        watchPart();
        try {
            arrived.accept(loop.turn());
        } catch (RuntimeException | AssertionError e) {
            failed(e);
        }
        if (gone || !wire.isConnected() || loop.isEnding()) {
            // A wire that is closed between two loops reports nothing.
            wire.close();
            ended();
        } else if (farewell != null) {
            lose(farewell);
        }
    }

    @Override
    public void close() {
        if (isClosed()) {
            return;
        }
        state = LinkState.CLOSED;
        if (!gone) {
            closedAt = loop.turn();
            noteWritten();
            watch();
        } else if (farewell != null) {
            forget();
        }
    }

    @Override
    public void peerIsDone() {
        if (state == LinkState.OPEN && !gone && wire.isWordless()) {
            state = LinkState.PARTED;
            noteWritten();
        }
    }

    /// Ends a turn: sends what was written, and stops reading where that was asked for and not
    /// taken back since, which spares most logins two calls of the system. Nothing happens when the
    /// link has moved away since.
    void flushOn(ShardLoop here) {
        if (here != loop || state == LinkState.MOVING || gone) {
            return;
        }
        boolean all = output.flush();
        if (closesBroken()) {
            return;
        }
        stopReadingOn(here);
        if (!all) {
            goOnLater();
        } else if (output.awaitsRoom() && wire.isWritable()) {
            // All has left within turns, so that the wire has nothing to report.
            here.execute(() -> drained(here));
        }
        if (state == LinkState.PARTED) {
            part();
        }
        if (state == LinkState.CLOSED && all) {
            sayFarewell();
        } else if (output.pending() > 0) {
            watch();
        }
    }

    /// Has the rest sent in a later turn, unless it waits for the peer.
    private void goOnLater() {
        if (wire.isWritable() && output.begin()) {
            loop.later(this);
        }
    }

    /// Stops reading, where that was asked for and not taken back since.
    void stopReadingOn(ShardLoop here) {
        if (here == loop && paused && state == LinkState.OPEN) {
            wire.reading(false);
        }
    }

    /// How many bytes wait to leave.
    long pending() {
        return output.pending();
    }

    /// Closes a connection to which something could not be sent for lack of memory.
    private boolean closesBroken() {
        if (output.isBroken()) {
            tell("no memory for what was to be sent");
            wire.close();
        }
        return output.isBroken();
    }

    private void tell(String why) {
        loop.loops()
                .events()
                .event(Severity.WARNING, "connection from " + origin() + " closed: " + why);
    }

    /// Closes at once if the system has taken all that was written, or else like any other.
    private void part() {
        if (output.pending() == 0) {
            state = LinkState.SENT;
            wire.close();
        } else {
            state = LinkState.CLOSED;
            closedAt = loop.turn();
            watch();
        }
    }

    /// Closes this side behind the last byte and waits for the peer to close its own: if it were
    /// closed at once, what the peer still sends would make its system throw our last packet away.
    private void sayFarewell() {
        state = LinkState.SENT;
        wire.sayFarewell();
    }

    private void watch() {
        if (stall == null) {
            stall = new Stall(loop.turn());
            loop.behind(this);
        }
    }

    /// Whether no packet is here in part any more; a client that takes too long over one is
    /// disconnected. While the broker does not read, only one that has left takes too long.
    boolean isWholeOn(ShardLoop here, long now) {
        Connection peer = connection;
        if (here != loop || gone && farewell == null || peer == null) {
            return true;
        }
        long timeout = loop.loops().settings().packetTimeout() * 1000L;
        if (timeout > 0 && isReading() && !input.isEmpty() && input.age(now) > timeout) {
            giveUp(peer, "a packet that began was not complete in time (limits.packet-timeout)");
            input.release();
        } else if (timeout > 0 && closedAt > 0 && farewell != null && now - closedAt > timeout) {
            peer.lost(farewell + ", not all taken in time (limits.packet-timeout)", now);
        }
        if (input.isEmpty() || isClosed()) {
            input.unwatch();
            return true;
        }
        return false;
    }

    /// Whether it needs no watching any more: all has left, or a peer that takes nothing for too
    /// long was dropped.
    boolean isThroughOn(ShardLoop here, long now) {
        Stall watched = stall;
        if (here != loop || gone || watched == null) {
            return true;
        }
        if (state == LinkState.MOVING) {
            stall = null;
            return true;
        }
        if (isClosed()) {
            if (now - closedAt >= FAREWELL) {
                wire.close();
                return true;
            }
            return false;
        }
        if (output.pending() == 0) {
            stall = null;
            // While memory is scarce little makes it slow, and the wire, never full, told nobody.
            hasRoom();
            return true;
        }
        if (wire.stalled(watched, now) >= loop.loops().memory().writeTimeout()) {
            tell("it takes nothing of what waits for it (limits.write-timeout)");
            wire.close();
            return true;
        }
        return false;
    }
}
