package io.sotto.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sotto.cli.BrokerCheck;
import io.sotto.conformance.Carrier;
import io.sotto.conformance.Report;
import io.sotto.conformance.Suite;
import io.sotto.conformance.Target;
import io.sotto.conformance.Verdict;
import io.sotto.conformance.chapters.Chapters;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// The conformance suite as the command line sees it.
final class ConformanceSuite implements BrokerCheck {
    @Override
    public Outcome run(Request request, PrintWriter out) throws IOException {
        Suite all = Suite.of(Chapters.ALL);
        Suite suite =
                request.only().isEmpty() ? all : all.only(request.only().toArray(String[]::new));
        if (suite.scenarios().isEmpty()) {
            return Outcome.NOTHING_TO_RUN;
        }
        Carrier carrier = carrier(request);
        expectReachable(carrier, request);
        long start = System.nanoTime();
        List<Verdict> verdicts =
                suite.run(target(carrier, request)).stream()
                        .map(verdict -> request.strict() ? verdict.strict() : verdict)
                        .toList();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        out.print(request.json() ? json(verdicts) : Report.of(verdicts, took));
        return verdicts.stream().anyMatch(Verdict::failed) ? Outcome.FAILED : Outcome.PASSED;
    }

    private static Carrier carrier(Request request) {
        Tls tls = request.tls();
        return tls == null
                ? Carrier.tcp(request.broker())
                : Carrier.tls(request.broker(), tls.context(), tls.named());
    }

    private static void expectReachable(Carrier carrier, Request request) throws IOException {
        String place = request.broker().getHostString() + ":" + request.broker().getPort();
        try {
            carrier.open(0).close();
        } catch (UnknownHostException e) {
            throw new IOException("cannot reach " + place + ": no such host", e);
        } catch (IOException e) {
            throw new IOException("cannot reach " + place + ": " + e.getMessage(), e);
        }
    }

    private static Target target(Carrier carrier, Request request) {
        List<Target.Login> logins =
                request.logins().stream()
                        .map(login -> new Target.Login(login.user(), login.password()))
                        .toList();
        Target plain = Target.of(carrier).with(logins);
        Target target = request.diskFull() ? plain.withFullDisk() : plain;
        InetSocketAddress webSocket = request.webSocket();
        target = webSocket == null ? target : target.withWebSocket(webSocket);
        String method = request.scram();
        return method == null ? target : target.with(new Target.Scram(method, logins.getFirst()));
    }

    /// What a program gets to know of a test.
    private record Line(
            String test,
            String version,
            List<String> statements,
            String says,
            String outcome,
            String reason,
            List<String> remarks,
            long millis,
            List<String> transcript) {
        static Line of(Verdict verdict) {
            return new Line(
                    verdict.scenario().test(),
                    verdict.scenario().version().toString(),
                    verdict.scenario().ids(),
                    verdict.scenario().says(),
                    verdict.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    verdict.reason(),
                    verdict.remarks(),
                    verdict.took().toMillis(),
                    verdict.failed() ? verdict.transcript().lines().toList() : List.of());
        }
    }

    private static String json(List<Verdict> verdicts) throws IOException {
        return new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(verdicts.stream().map(Line::of).toList())
                + System.lineSeparator();
    }
}
