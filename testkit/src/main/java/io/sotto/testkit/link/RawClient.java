package io.sotto.testkit.link;

import io.sotto.broker.Connection;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// A client at the far end of a link in memory, that speaks in bytes.
public final class RawClient {
    private final WholeBroker broker;
    private final RecordingLink link;
    private final Connection connection;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    RawClient(WholeBroker broker, RecordingLink link, Connection connection) {
        this.broker = broker;
        this.link = link;
        this.connection = connection;
    }

    /// What the broker sent, and whether it closed the link.
    public RecordingLink link() {
        return link;
    }

    /// Sends bytes, whole packets or not, and lets the broker work on them.
    public RawClient send(byte[] bytes) {
        waiting.writeBytes(bytes);
        broker.settle();
        return this;
    }

    /// Offers what waits, as a transport does: when the link is read, and until it is closed.
    void offer(long now) {
        if (link.isMoving()) {
            link.arrive(now);
        }
        if (link.isClosed() || !link.isReading() || waiting.size() == 0) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(waiting.toByteArray());
        connection.received(in, now);
        waiting.reset();
        waiting.write(in.array(), in.position(), in.remaining());
    }

    /// Says whether the link takes more.
    public void writable(boolean takesMore) {
        link.writable(takesMore);
        if (takesMore && !link.isClosed()) {
            connection.writable(broker.now());
            broker.settle();
        }
    }

    /// The network breaks.
    public void lose() {
        if (!link.isClosed()) {
            link.close();
            connection.lost("connection lost", broker.now());
            broker.settle();
        }
    }
}
