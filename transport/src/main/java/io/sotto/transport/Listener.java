package io.sotto.transport;

import io.netty.channel.epoll.Epoll;
import io.sotto.broker.spi.Terms;
import io.sotto.transport.Accepting.Door;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Endpoint.UnixSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An open port or socket at which clients arrive; they are spread over the loops in turn.
public final class Listener implements AutoCloseable {
    private final Loops loops;
    private final Listening listening;
    private final Accepting accepting;
    private final @Nullable SocketFile file;

    private Listener(
            Loops loops, Listening listening, Accepting accepting, @Nullable SocketFile file) {
        this.loops = loops;
        this.listening = listening;
        this.accepting = accepting;
        this.file = file;
    }

    /// Where a listener is, and whom it admits.
    ///
    /// @param name as the log calls it
    /// @param anonymous whether clients without credentials are admitted
    /// @param carriers what is spoken there
    /// @param connections how many there may be at once, 0 for no bound but that of all listeners;
    ///   setting `listeners[].connections`
    /// @param terms what is asked of clients
    public record Place(
            String name,
            Endpoint endpoint,
            boolean anonymous,
            Carriers carriers,
            int connections,
            Terms terms) {}

    /// Begins to accept.
    ///
    /// @throws IOException when the address cannot be had, in the words of the system, or when the
    ///   files of TLS cannot be used
    public static Listener open(Loops loops, Place place) throws IOException {
        Entrance entrance = Entrance.open(place, loops);
        try {
            Accepting accepting = new Accepting(loops, new Door(place, entrance));
            Listener made =
                    switch (place.endpoint()) {
                        case Port port -> at(port, loops, accepting);
                        case UnixSocket socket -> at(SocketFile.begin(socket), loops, accepting);
                    };
            made.listening.begin();
            return made;
        } catch (IOException e) {
            entrance.close();
            throw e;
        }
    }

    private static Listener at(Port port, Loops loops, Accepting accepting) throws IOException {
        InetSocketAddress address = new InetSocketAddress(port.host(), port.port());
        if (address.isUnresolved()) {
            throw new IOException("the name " + port.host() + " is not known");
        }
        Listening listening =
                Epoll.isAvailable()
                        ? EpollListening.at(address, loops, accepting)
                        : NioListening.at(address, loops, accepting);
        return new Listener(loops, listening, accepting, null);
    }

    private static Listener at(SocketFile file, Loops loops, Accepting accepting)
            throws IOException {
        try {
            Listening listening =
                    Epoll.isAvailable()
                            ? EpollListening.at(file.birthplace(), loops, accepting)
                            : NioListening.at(file.birthplace(), loops, accepting);
            file.settle();
            return new Listener(loops, listening, accepting, file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// The port, also when any was asked for; 0 where there is none.
    public int port() {
        return listening.port();
    }

    /// Has the files of TLS looked at now, where there are some.
    public void renew() {
        accepting.door().entrance().renew();
    }

    /// Another way in, made ready to take the place of the present one. What has been made ready
    /// has to be used or closed.
    ///
    /// @param place with the same endpoint as before
    /// @throws IOException with a sentence, when the files of TLS cannot be used
    public Change prepare(Place place) throws IOException {
        return new Change(new Door(place, Entrance.open(place, loops)));
    }

    /// What new connections come to when it is [#apply]'d; those that are there stay as they are.
    public final class Change implements AutoCloseable {
        private final Door door;

        private Change(Door door) {
            this.door = door;
        }

        /// New connections come to this from now on. What was before is let go of when the last
        /// handshake that has begun with it is over.
        @SuppressWarnings("FutureReturnValueIgnored") // nothing waits for it
        public void apply() {
            Door before = accepting.replace(door);
            door.entrance().review();
            TlsSettings tls = before.place().carriers().tls();
            int rest = tls == null ? 0 : tls.handshakes().timeout() + 1;
            loops.loop(0)
                    .executor()
                    .schedule(() -> before.entrance().close(), rest, TimeUnit.SECONDS);
        }

        /// It is not used after all.
        @Override
        public void close() {
            door.entrance().close();
        }
    }

    /// When the first of its certificates or revocation lists ends; null where there are none.
    public @Nullable Instant firstEnd() {
        return accepting.door().entrance().firstEnd();
    }

    /// How many handshakes of TLS are under way.
    int handshakes() {
        return accepting.door().entrance().handshakes();
    }

    /// Stops accepting; connections that are there stay.
    @Override
    public void close() {
        listening.close();
        accepting.door().entrance().close();
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // Whoever listens there next finds that nobody does, and replaces it.
            }
        }
    }
}
