package io.sotto.server;

import io.sotto.broker.Broker;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.MemoryRecorder;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Ports;
import io.sotto.broker.spi.Principal;
import io.sotto.transport.Loops;
import io.sotto.transport.TcpListener;
import io.sotto.transport.TransportLimits;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// The entry of the executable jar.
public final class Main {
    private Main() {}

    /// Starts what the arguments ask for.
    public static void main(String[] arguments) throws IOException {
        int port = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1883;
        SecureRandom random = new SecureRandom();
        Ports ports =
                new Ports(
                        (login, answer) -> answer.accept(new Accepted(Principal.ANONYMOUS, null)),
                        Authorizer.ALLOW_ALL,
                        shard -> new MemoryJournal(),
                        shard -> new MemoryRecorder(1000),
                        EventLog.NONE,
                        random::nextLong,
                        Peers.NONE);
        Loops loops = new Loops(Runtime.getRuntime().availableProcessors());
        Broker broker =
                new Broker(BrokerSettings.DEFAULT, ports, loops.count(), loops::waker, loops.now());
        loops.serve(broker);
        TcpListener listener =
                TcpListener.open(
                        loops,
                        new TcpListener.Options("tcp", "127.0.0.1", port, true),
                        TransportLimits.DEFAULT,
                        new AtomicInteger());
        Runtime.getRuntime().addShutdownHook(new Thread(loops::close));
        System.err.println("sotto listens on 127.0.0.1:" + listener.port());
        new java.util.concurrent.CountDownLatch(1).countDown();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        Thread.currentThread().join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
