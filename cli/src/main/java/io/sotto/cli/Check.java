package io.sotto.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Holds a broker against the standard.
@Command(
        name = "check",
        sortOptions = false,
        description = {
            "Tests a broker, of whatever make, against MQTT 3.1.1 and 5.0, statement by statement.",
            "It opens some thousand connections, sends wrong packets on purpose and publishes below"
                    + " conformance/: take a broker that nobody needs meanwhile."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every test passed",
            "1:some failed; the report shows the bytes of each",
            "2:the command line is wrong, or the broker cannot be reached"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto check localhost:1883",
            "  sotto check localhost --only 'MQTT-3.1.2-*' --only SessionTest",
            "  sotto check broker.lan --tls --cafile ca.pem -u ada --password-file ada.txt",
            "  sotto check localhost --json > report.json"
        })
final class Check implements Callable<Integer> {
    private static final int TCP_PORT = 1883;
    private static final int TLS_PORT = 8883;
    private static final int HIGHEST_PORT = 65_535;

    private final BrokerCheck suite;

    @Spec @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "HOST[:PORT]",
            converter = BrokerAddress.Converter.class,
            description = "The broker; port 1883, or 8883 with TLS, unless told otherwise.")
    @Nullable BrokerAddress broker;

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description =
                    "Tests of this statement (MQTT-3.1.2-24; MQTT3-... for 3.1.1) or with this in"
                            + " their name; * stands for anything. May be repeated.")
    List<String> only = new ArrayList<>();

    @Option(
            names = "--strict",
            description = "A recommendation that is not kept counts as a failure.")
    boolean strict;

    @Option(
            names = "--disk-full",
            description = "The broker's disk has no room: what it cannot keep is tested too.")
    boolean diskFull;

    @Option(
            names = "--websocket",
            paramLabel = "PORT",
            description = "Where the broker speaks WebSocket, which is tested too.")
    @Nullable Integer webSocket;

    @Option(names = "--json", description = "Writes a report for programs.")
    boolean json;

    @ArgGroup(validate = false, heading = "%nWho connects; without a user, anonymously:%n")
    LoginOptions login = new LoginOptions();

    @ArgGroup(validate = false, heading = "%nMore that can be tested with more users:%n")
    MoreLogins more = new MoreLogins();

    @ArgGroup(validate = false, heading = "%nTLS:%n")
    TlsOptions tls = new TlsOptions();

    Check(BrokerCheck suite) {
        this.suite = suite;
    }

    /// What some tests need beyond one login.
    static final class MoreLogins {
        @Option(
                names = "--scram",
                paramLabel = "METHOD",
                description = "The first user may also log in by SCRAM-SHA-256 or SCRAM-SHA-512.")
        @Nullable String scram;

        @Option(
                names = "--other-user",
                paramLabel = "NAME",
                description = "A second user, for tests of who may have whose session.")
        @Nullable String otherUser;

        @Option(
                names = "--other-password",
                paramLabel = "PASSWORD",
                defaultValue = "${env:SOTTO_OTHER_PASSWORD}",
                description = "Its password. Also SOTTO_OTHER_PASSWORD.")
        @Nullable String otherPassword;

        MoreLogins() {}
    }

    @Override
    public Integer call() {
        CommandLine command = requireNonNull(spec).commandLine();
        BrokerAddress address = requireNonNull(broker);
        int fallback = tls.isAsked() ? TLS_PORT : TCP_PORT;
        int port = address.port() == 0 ? fallback : address.port();
        PrintWriter out = command.getOut();
        try {
            return switch (suite.run(request(new InetSocketAddress(address.host(), port)), out)) {
                case PASSED -> 0;
                case FAILED -> 1;
                case NOTHING_TO_RUN ->
                        throw new ParameterException(command, "--only: no test is meant by that");
            };
        } catch (IOException e) {
            command.getErr().println("sotto: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } finally {
            out.flush();
        }
    }

    private BrokerCheck.Request request(InetSocketAddress address) throws IOException {
        if (webSocket != null && (webSocket < 1 || webSocket > HIGHEST_PORT)) {
            throw new ParameterException(
                    requireNonNull(spec).commandLine(),
                    "--websocket is a port, 1 to 65,535, not " + webSocket);
        }
        List<BrokerCheck.Login> logins = new ArrayList<>();
        login.login().ifPresent(logins::add);
        if (more.otherUser != null) {
            String password = more.otherPassword == null ? "" : more.otherPassword;
            logins.add(new BrokerCheck.Login(more.otherUser, password));
        }
        if (logins.isEmpty() && more.scram != null) {
            throw new IOException("--scram needs a user (-u)");
        }
        return new BrokerCheck.Request(
                address,
                tls.isAsked() ? tls.settle() : null,
                logins,
                more.scram,
                diskFull,
                webSocket == null
                        ? null
                        : new InetSocketAddress(address.getHostString(), webSocket),
                only,
                strict,
                json);
    }
}
