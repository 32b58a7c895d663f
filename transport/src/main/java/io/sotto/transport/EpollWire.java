package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A socket that carries MQTT as it is, straight in the event loop: one descriptor, which the loop
/// waits for, and what the system has not taken yet. It is what Netty's channel would be without a
/// pipeline, options and addresses, which nobody needs here.
///
/// What is asked of the system is level-triggered: whatever is not read in this turn is reported
/// again in the next.
final class EpollWire extends FileDescriptor implements Wire, EpollIoHandle {
    /// Not among Netty's: the connection is over in both directions.
    private static final int HANG_UP = 0x10;

    private static final int WRITE = EpollIoOps.EPOLLOUT.value() | EpollIoOps.EPOLLERR.value();
    private static final int END =
            EpollIoOps.EPOLLRDHUP.value() | EpollIoOps.EPOLLERR.value() | HANG_UP;
    private static final int READ = EpollIoOps.EPOLLIN.value() | END;

    private final ByteLink link;
    private @Nullable IoRegistration registration;
    private @Nullable ByteBuf first;
    private @Nullable Deque<ByteBuf> more;
    private long pending;
    private boolean reads = true;
    private boolean full;
    private boolean blocked;
    private boolean leaving;
    private boolean moving;

    /// @param descriptor of a connected socket that does not block
    EpollWire(int descriptor, ShardLoop loop, Arrival arrival) {
        super(descriptor);
        this.link = new ByteLink(loop, this, arrival);
    }

    /// Begins, on its loop. CONNECT is often there already, and says which loop is to report what
    /// comes: whoever goes on to another one is not registered here.
    void begin() {
        try {
            link.begin();
            read();
            if (isOpen() && !moving) {
                listen();
            }
        } catch (Throwable e) {
            link.failed(e);
        }
    }

    /// Has the loop report what happens from now on.
    private void listen() {
        Future<IoRegistration> made = link.loop().executor().register(this);
        registration = made.getNow();
        if (registration == null) {
            Throwable cause = made.cause();
            link.failed(cause == null ? new IOException("no registration") : cause);
        } else {
            tellInterest();
        }
    }

    private void tellInterest() {
        IoRegistration present = registration;
        if (present != null && isOpen()) {
            EpollIoOps wanted = EpollIoOps.EPOLLRDHUP;
            wanted = reads ? wanted.with(EpollIoOps.EPOLLIN) : wanted;
            try {
                present.submit(blocked ? wanted.with(EpollIoOps.EPOLLOUT) : wanted);
            } catch (UncheckedIOException e) {
                link.failed(e);
            }
        }
    }

    @Override
    public FileDescriptor fd() {
        return this;
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        int ready = ((EpollIoEvent) event).ops().value();
        try {
            if (blocked && (ready & WRITE) != 0) {
                blocked = false;
                send();
                if (!blocked) {
                    tellInterest();
                }
            }
            if ((ready & READ) != 0 && isOpen()) {
                read();
            }
        } catch (Throwable e) {
            link.failed(e);
        }
    }

    /// Whoever ends the connection is read to the end, also while the broker reads nothing: what it
    /// has sent before still counts.
    private void read() throws IOException {
        SocketMemory memory = link.loop().sockets();
        int size = memory.read(this);
        if (size > 0) {
            link.received(memory.in());
        } else if (size < 0) {
            shut();
            link.ended();
        }
    }

    @Override
    public ByteBufAllocator memory() {
        return PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void write(ByteBuf bytes) {
        if (!isOpen() || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        pending += bytes.readableBytes();
        full |= pending > HIGH;
        if (first == null) {
            first = bytes;
        } else {
            more = more == null ? new ArrayDeque<>(4) : more;
            more.add(bytes);
        }
    }

    @Override
    public void flush() {
        if (first == null || blocked || !isOpen()) {
            return;
        }
        try {
            send();
            if (blocked) {
                tellInterest();
            }
        } catch (IOException | RuntimeException e) {
            link.failed(e);
        }
    }

    /// Sends until all is with the system, or the system takes no more.
    private void send() throws IOException {
        for (ByteBuf next = first; next != null && !blocked; next = first) {
            long taken = link.loop().sockets().write(this, next, more);
            pending -= taken;
            blocked = !take(taken);
        }
        if (full && pending < LOW) {
            full = false;
            link.hasRoom();
        }
        if (leaving && first == null) {
            endOutput();
        }
    }

    /// The system has taken so many bytes.
    ///
    /// @return whether those were all that it was offered
    private boolean take(long taken) {
        long left = taken;
        for (ByteBuf next = first; next != null; next = first) {
            int size = next.readableBytes();
            if (left < size) {
                next.skipBytes((int) left);
                return false;
            }
            left -= size;
            next.release();
            first = more == null ? null : more.poll();
            if (left == 0) {
                break;
            }
        }
        if (first == null) {
            more = null;
        }
        return true;
    }

    @Override
    public boolean isWritable() {
        return !full && isOpen();
    }

    @Override
    public long pending() {
        return pending;
    }

    @Override
    public void reading(boolean wanted) {
        if (reads != wanted) {
            reads = wanted;
            tellInterest();
        }
    }

    @Override
    public void moveTo(ShardLoop target, LongConsumer arrived) {
        moving = true;
        // Not at once: the broker is at work, and what was read with CONNECT is yet to be kept.
        link.loop()
                .execute(() -> {
                    IoRegistration present = registration;
                    if (present != null) {
                        registration = null;
                        present.cancel();
                    }
                    ShardLoop here = link.loop();
                    link.leave(target);
                    if (!target.execute(() -> arrive(arrived))) {
                        shut();
                        link.leave(here);
                        link.stay();
                    }
                });
    }

    private void arrive(LongConsumer arrived) {
        moving = false;
        if (isOpen()) {
            listen();
        }
        link.arrive(arrived);
    }

    @Override
    public boolean isConnected() {
        return isOpen();
    }

    @Override
    public boolean isWordless() {
        return true;
    }

    @Override
    public void sayFarewell() {
        // The number of a descriptor that is closed may be somebody else's by now.
        if (isOpen()) {
            leaving = true;
            if (first == null) {
                endOutput();
            }
        }
    }

    private void endOutput() {
        leaving = false;
        try {
            new Socket(intValue()).shutdown(false, true);
            reading(true);
        } catch (IOException | NotYetConnectedException e) {
            // The peer is gone.
            close();
        }
    }

    @Override
    public long stalled(Stall stall, long now) {
        return stall.length(first, first == null ? 0 : first.readerIndex(), now);
    }

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        boolean allSent = first == null;
        shut();
        if (allSent && link.isClosed()) {
            link.ended();
        } else if (!moving) {
            link.loop().execute(link::ended);
        }
    }

    /// Gives everything back. The descriptor goes first: the system forgets by itself who waits for
    /// one that is closed.
    private void shut() {
        try {
            super.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
        IoRegistration present = registration;
        if (present != null) {
            registration = null;
            present.cancel();
        }
        for (ByteBuf next = first; next != null; next = more == null ? null : more.poll()) {
            next.release();
        }
        first = null;
        more = null;
        pending = 0;
    }
}
