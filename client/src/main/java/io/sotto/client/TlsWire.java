package io.sotto.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/// TLS over a channel.
///
/// What TLS says of itself, such as the answer to a new key, and finds no room goes with what is
/// written next.
final class TlsWire implements Wire {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    // Who reads may have to write.
    private final ReentrantLock lock = new ReentrantLock();
    private ByteBuffer raw;
    private ByteBuffer plain;
    private ByteBuffer sealed;
    private boolean ended;

    private TlsWire(SocketChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        int packet = engine.getSession().getPacketBufferSize();
        this.raw = ByteBuffer.allocate(packet).flip();
        this.sealed = ByteBuffer.allocate(packet).flip();
        this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    }

    /// TLS on a channel that is connected, and waits.
    static TlsWire open(SocketChannel channel, SSLEngine engine, Duration timeout)
            throws IOException {
        TlsWire wire = new TlsWire(channel, engine);
        Patience.bound(channel, timeout, "the server does not answer in TLS in time", wire::agree);
        return wire;
    }

    private void agree() throws IOException {
        engine.beginHandshake();
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
            if (status == HandshakeStatus.NEED_WRAP) {
                seal(NOTHING);
                flush();
            } else if (!unseal() && (ended || fill() < 0)) {
                throw new IOException("the server closed the connection within the TLS handshake");
            }
            status = engine.getHandshakeStatus();
        }
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        lock.lock();
        try {
            int start = to.position();
            boolean more = true;
            while (to.hasRemaining()) {
                if (plain.hasRemaining()) {
                    move(plain, to);
                } else if (!unseal()) {
                    if (ended || !more) {
                        break;
                    }
                    ended = fill() < 0;
                    more = raw.limit() == raw.capacity();
                }
            }
            int count = to.position() - start;
            if (count > 0 && ended) {
                // So that the channel says that there is more: the end.
                channel.shutdownInput();
            }
            return count == 0 && ended ? -1 : count;
        } finally {
            lock.unlock();
        }
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int count = Math.min(from.remaining(), to.remaining());
        to.put(from.slice(from.position(), count));
        from.position(from.position() + count);
    }

    private int fill() throws IOException {
        if (raw.remaining() == raw.capacity()) {
            raw = ByteBuffer.allocate(2 * raw.capacity()).put(raw).flip();
        }
        raw.compact();
        try {
            return channel.read(raw);
        } finally {
            raw.flip();
        }
    }

    /// Takes one record; false where not all of one is there.
    private boolean unseal() throws IOException {
        plain.clear();
        SSLEngineResult result;
        try {
            result = engine.unwrap(raw, plain);
        } finally {
            plain.flip();
        }
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> {
                return false;
            }
            case BUFFER_OVERFLOW -> plain = ByteBuffer.allocate(2 * plain.capacity()).flip();
            case CLOSED -> {
                ended = true;
                return false;
            }
            case OK -> answer();
        }
        return true;
    }

    /// Does what a record asked for.
    private void answer() throws IOException {
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
            status = engine.getHandshakeStatus();
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            seal(NOTHING);
            flush();
        }
    }

    /// Makes one record of what there is to write.
    private void seal(ByteBuffer from) throws IOException {
        int packet = engine.getSession().getPacketBufferSize();
        sealed.compact();
        try {
            if (sealed.remaining() < packet) {
                sealed = ByteBuffer.allocate(sealed.position() + packet).put(sealed.flip());
            }
            SSLEngineResult.Status status = engine.wrap(from, sealed).getStatus();
            if (status == SSLEngineResult.Status.CLOSED && from.hasRemaining()) {
                throw new IOException("TLS is closed");
            }
        } finally {
            sealed.flip();
        }
    }

    private boolean flush() throws IOException {
        channel.write(sealed);
        return !sealed.hasRemaining();
    }

    @Override
    public boolean write(ByteBuffer from) throws IOException {
        lock.lock();
        try {
            while (flush() && from.hasRemaining()) {
                seal(from);
            }
            return !from.hasRemaining() && !sealed.hasRemaining();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void finish() throws IOException {
        lock.lock();
        try {
            engine.closeOutbound();
            seal(NOTHING);
            flush();
            channel.shutdownOutput();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
