package io.sotto.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.transport.Accepting.Door;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Accepts on Linux. Where MQTT comes as it is, a connection gets a socket of our own, and else a
/// channel of Netty's.
///
/// One connection is accepted in a turn: a storm of them waits in the system's queue, while those
/// who are connected have their turns in between. What is asked of the sockets is asked of the one
/// that listens: those that it accepts inherit it.
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the connection, or is told
final class EpollListening implements Listening, EpollIoHandle {
    /// Room for an address as Netty has the system write it, behind its length; one of a file is
    /// the longest.
    private static final int ADDRESS = 128;

    private final Loops loops;
    private final Accepting accepting;
    private final Socket socket;
    private final boolean hasPorts;
    private final byte[] peer = new byte[ADDRESS];
    private @Nullable IoRegistration registration;

    private EpollListening(Loops loops, Accepting accepting, Socket socket, boolean hasPorts) {
        this.loops = loops;
        this.accepting = accepting;
        this.socket = socket;
        this.hasPorts = hasPorts;
    }

    /// @throws IOException in the words of the system
    static EpollListening at(InetSocketAddress address, Loops loops, Accepting accepting)
            throws IOException {
        Socket socket = Socket.newSocketStream();
        try {
            socket.setReuseAddress(true);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return bound(new EpollListening(loops, accepting, socket, true), address);
    }

    /// @throws IOException in the words of the system
    static EpollListening at(Path file, Loops loops, Accepting accepting) throws IOException {
        EpollListening made = new EpollListening(loops, accepting, Socket.newSocketDomain(), false);
        return bound(made, new DomainSocketAddress(file.toFile()));
    }

    private static EpollListening bound(EpollListening made, SocketAddress address)
            throws IOException {
        try {
            int sendBuffer = made.loops.settings().sendBuffer();
            if (sendBuffer > 0) {
                made.socket.setSendBufferSize(sendBuffer);
            }
            made.socket.bind(address);
            made.socket.listen(BACKLOG);
            return made;
        } catch (IOException e) {
            made.socket.close();
            throw e;
        }
    }

    @Override
    public int port() {
        InetSocketAddress local = hasPorts ? socket.localAddress() : null;
        return local == null ? 0 : local.getPort();
    }

    @Override
    public void begin() throws IOException {
        ShardLoop first = loops.loop(0);
        registration = first.executor().register(this).syncUninterruptibly().getNow();
        first.executor().execute(() -> accepts(true));
    }

    private void accepts(boolean wanted) {
        IoRegistration present = registration;
        if (present != null && socket.isOpen()) {
            present.submit(wanted ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR);
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        try {
            int descriptor = socket.accept(peer);
            if (descriptor >= 0) {
                welcome(descriptor);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            pause(e);
        }
    }

    /// What goes wrong with accepting, such as a lack of file descriptors: it pauses for a second,
    /// so that the loop lives on, and one line a second is the most that comes of it.
    private void pause(Throwable cause) {
        Door door = accepting.door();
        String message = cause.getMessage();
        loops.events()
                .event(
                        Severity.ERROR,
                        "listener "
                                + door.place().name()
                                + " cannot accept: "
                                + (message == null ? cause.toString() : message));
        accepts(false);
        loops.loop(0).executor().schedule(() -> accepts(true), 1, TimeUnit.SECONDS);
    }

    private void welcome(int descriptor) throws IOException {
        Door door = accepting.door();
        if (!door.place().carriers().equals(Carriers.PLAIN)) {
            handOver(descriptor);
            return;
        }
        boolean stays = false;
        try {
            Arrival arrival = accepting.admit(door.place(), peer());
            stays = arrival != null && begin(descriptor, arrival);
        } finally {
            if (!stays) {
                new FileDescriptor(descriptor).close();
            }
        }
    }

    private @Nullable InetSocketAddress peer() {
        return hasPorts ? NativeInetAddress.address(peer, 1, peer[0]) : null;
    }

    /// Begins a connection on its loop; false where that has ended.
    private boolean begin(int descriptor, Arrival arrival) {
        boolean begun = false;
        try {
            ShardLoop next = loops.next();
            begun = next.execute(new EpollWire(descriptor, next, arrival)::begin);
        } finally {
            if (!begun) {
                arrival.end();
            }
        }
        return begun;
    }

    /// Has Netty make a channel of it.
    private void handOver(int descriptor) throws IOException {
        ShardLoop next = loops.next();
        if (next.isEnding()) {
            new FileDescriptor(descriptor).close();
            return;
        }
        try {
            DuplexChannel channel =
                    hasPorts
                            ? new EpollSocketChannel(descriptor)
                            : new EpollDomainSocketChannel(descriptor);
            channel.pipeline().addLast(new Welcome(loops, accepting));
            next.executor().register(channel);
        } catch (ChannelException e) {
            // The peer is gone already.
            new FileDescriptor(descriptor).close();
        }
    }

    @Override
    public void close() {
        ShardLoop first = loops.loop(0);
        if (first.executor().inEventLoop()) {
            shut();
            return;
        }
        try {
            first.executor().submit(this::shut).syncUninterruptibly();
        } catch (RejectedExecutionException e) {
            shut();
        }
    }

    private void shut() {
        if (!socket.isOpen()) {
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
        IoRegistration present = registration;
        if (present != null) {
            present.cancel();
        }
    }
}
