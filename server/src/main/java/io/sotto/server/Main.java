package io.sotto.server;

import io.sotto.broker.Broker;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.spi.*;
import io.sotto.transport.Loops;
import io.sotto.transport.TcpListener;
import io.sotto.transport.TransportSettings;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;

/// The entry of the executable jar.
public final class Main {
    private Main() {}

    /// Starts what the arguments ask for.
    public static void main(String[] arguments) throws Exception {
        int port = 1883;
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals("--port")) {
                port = Integer.parseInt(arguments[i + 1]);
            }
        }
        EventLog log = (severity, sentence) -> System.err.println(severity + " " + sentence);
        SecureRandom random = new SecureRandom();
        Ports ports =
                new Ports(
                        (login, answer) ->
                                answer.accept(
                                        new Authenticator.Accepted(Principal.ANONYMOUS, null)),
                        Authorizer.ALLOW_ALL,
                        shard -> new MemoryJournal(),
                        shard -> new MemoryRecorder(4096),
                        log,
                        random::nextLong,
                        Peers.NONE);
        Loops loops = new Loops(TransportSettings.DEFAULT, log);
        Broker broker =
                new Broker(BrokerSettings.DEFAULT, ports, loops.count(), loops::wake, loops.now());
        loops.drive(broker);
        TcpListener listener =
                TcpListener.open(loops, new TcpListener.Place("tcp", "127.0.0.1", port, true));
        System.err.println("sotto listens on 127.0.0.1:" + listener.port());
        new CountDownLatch(1).await();
    }
}
