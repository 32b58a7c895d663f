package io.sotto.cli;

import static java.util.Objects.requireNonNull;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A command that is a client of a broker and nothing else, with the exit statuses of mosquitto's
/// tools: what was refused ends with the reason code, what did not come in time with 27, all other
/// failures with 1.
abstract class ClientCommand implements Callable<Integer> {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int TIMED_OUT = 27;

    @Spec @Nullable CommandSpec spec;

    @Mixin ConnectOptions connect = new ConnectOptions();

    @Option(names = "--help", usageHelp = true, description = "Shows this help.")
    boolean help;

    private final ProtocolVersion usual;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private boolean wasConnected = true;

    /// @param usual the version where none is asked for
    ClientCommand(ProtocolVersion usual) {
        this.usual = usual;
    }

    /// The work of the command, and how it ended.
    ///
    /// @throws IOException with a sentence, when a file or a stream failed
    abstract int run() throws IOException;

    @Override
    public final Integer call() {
        try {
            return run();
        } catch (ClientException e) {
            failed(sentence(e));
            return status(e.reason());
        } catch (ProtocolException e) {
            return wrong(e.sentence());
        } catch (IllegalArgumentException e) {
            return wrong(sentence(e));
        } catch (IOException e) {
            failed(sentence(e));
            return FAILED;
        }
    }

    private static String sentence(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private int wrong(String sentence) {
        requireNonNull(spec).commandLine().getErr().println("sotto: " + sentence);
        return FAILED;
    }

    /// Says what went wrong while it ran, unless nobody wants to know.
    final void failed(String sentence) {
        if (!connect.quiet && !stopped.get()) {
            requireNonNull(spec).commandLine().getErr().println("sotto: " + sentence);
        }
    }

    /// Says what happens, where that is wanted.
    final void debug(String sentence) {
        if (connect.debug) {
            requireNonNull(spec).commandLine().getErr().println("sotto: " + sentence);
        }
    }

    /// Says when the connection is lost, and when it is there again.
    final void watch(Client client) {
        boolean now = client.isConnected();
        if (now != wasConnected) {
            failed(now ? "connected again" : "the connection is lost; trying again");
            wasConnected = now;
        }
    }

    /// The version that is spoken.
    final ProtocolVersion version() {
        return connect.version(usual);
    }

    final ClientOptions options() throws IOException {
        return connect.settle(usual);
    }

    /// The exit status of a refusal: the byte that the broker sent, or 1 where it sent none.
    final int status(ReasonCode reason) {
        if (reason == ReasonCode.UNSPECIFIED_ERROR || !reason.isFailure()) {
            return FAILED;
        }
        return version().hasProperties()
                ? reason.code()
                : Math.max(FAILED, reason.connectReturnCode());
    }

    /// What is done with a connected client.
    interface Work {
        int with(Client client) throws IOException;
    }

    /// Connects, works and says farewell, also when a signal ends the process meanwhile: so that
    /// the will of a client that was only stopped is not published.
    final int connected(ClientOptions options, Work work) throws IOException {
        Client client = Client.connect(options);
        debug(
                "connected as "
                        + client.clientId()
                        + (client.connAck().sessionPresent() ? ", the session goes on" : ""));
        Thread farewell =
                new Thread(
                        () -> {
                            stopped.set(true);
                            client.disconnect(connect.properties.disconnect());
                        },
                        "farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            return work.with(client);
        } finally {
            client.disconnect(connect.properties.disconnect());
            forget(farewell);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // Then it is at work.
        }
    }
}
