package io.sotto.server;

import static org.junit.jupiter.api.Assertions.fail;

import io.sotto.conformance.Scenario;
import io.sotto.conformance.Suite;
import io.sotto.conformance.Target;
import io.sotto.conformance.Target.Login;
import io.sotto.conformance.Verdict;
import io.sotto.conformance.chapters.Chapters;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the suite against a Sotto that it starts from the jar in `sotto.jar`. Recommendations of
/// the standard are rules for it.
///
/// What the default configuration does not show is shown by more: one that does without whatever
/// the standard lets a broker do without, ones where clients have to log in, one that speaks
/// WebSocket, and one that can keep nothing more.
class ConformanceIT {
    private static final String FRUGAL =
            """
            mqtt:
              maximum-qos: 1
              retain: false
              wildcards: false
              shared-subscriptions: false
            limits:
              keep-alive: 2s
              topic-aliases: 0
            """;

    /// All clients of the suite come from one address, and many fail to log in on purpose.
    private static final String WITHOUT_BRAKE = "limits: {login-failures: unlimited}\n";

    private static final List<Login> LOGINS =
            List.of(new Login("alice", "secret"), new Login("bob", "geheim"));

    private final Path jar = Path.of(System.getProperty("sotto.jar"));
    private final Suite all = Suite.of(Chapters.ALL);

    @TestFactory
    Stream<DynamicTest> the_broker_does_what_the_standards_say() throws Exception {
        Map<Scenario, Verdict> verdicts = new LinkedHashMap<>();
        Stream.of(
                        asItComes(),
                        frugal(),
                        withPasswords(),
                        withScram(),
                        withWebSocket(),
                        withoutRoom())
                .flatMap(List::stream)
                .map(Verdict::strict)
                .forEach(verdict -> verdicts.merge(verdict.scenario(), verdict, Verdict::or));
        return verdicts.values().stream()
                .map(verdict -> DynamicTest.dynamicTest(nameOf(verdict), () -> judge(verdict)));
    }

    /// Whatever carries MQTT, it says the same. What is not offered here is so above.
    @TestFactory
    Stream<DynamicTest> the_standards_hold_on_every_way() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (Ways way : List.of(Ways.TLS, Ways.WEB_SOCKET, Ways.WEB_SOCKET_WITHIN_TLS)) {
            run(way.listener(), all, address -> Target.of(way.to(address))).stream()
                    .map(Verdict::strict)
                    .filter(verdict -> verdict.outcome() != Verdict.Outcome.NOT_OFFERED)
                    .map(verdict ->
                            DynamicTest.dynamicTest(
                                    way + " " + nameOf(verdict), () -> judge(verdict)))
                    .forEach(tests::add);
        }
        return tests.stream();
    }

    private List<Verdict> asItComes() throws Exception {
        return run("", all, Target::anonymous);
    }

    private List<Verdict> frugal() throws Exception {
        Suite suite =
                all.only(
                        "CapabilitiesTest",
                        "a_server_keep_alive_is_enforced",
                        "an_alias_above_the_maximum_is_refused");
        return run(FRUGAL, suite, Target::anonymous);
    }

    private List<Verdict> withPasswords() throws Exception {
        String users = WITHOUT_BRAKE + "users:\n";
        for (Login login : LOGINS) {
            users += BrokerProcess.user(jar, login);
        }
        return run(users, all.only("LoginTest"), address -> Target.anonymous(address).with(LOGINS));
    }

    /// Both hash functions, one after the other; few iterations, since each login costs them.
    private List<Verdict> withScram() throws Exception {
        Login login = LOGINS.getFirst();
        String config =
                WITHOUT_BRAKE
                        + "users:\n"
                        + BrokerProcess.user(jar, login, "--scram", "--iterations", "4096");
        List<Verdict> verdicts = new ArrayList<>();
        for (String method : List.of("SCRAM-SHA-512", "SCRAM-SHA-256")) {
            Target.Scram scram = new Target.Scram(method, login);
            verdicts.addAll(
                    run(
                            config,
                            all.only("ScramTest"),
                            address -> Target.anonymous(address).with(scram)));
        }
        return verdicts;
    }

    private List<Verdict> withWebSocket() throws Exception {
        return run(
                "listeners: [{protocols: [mqtt, ws]}]",
                all.only("WebSocketTest"),
                address -> Target.anonymous(address).withWebSocket(address));
    }

    /// There is less room on any disk than this one is to leave.
    private List<Verdict> withoutRoom() throws Exception {
        return run(
                "store.reserve: 1048576GiB",
                all.only("FullDiskTest"),
                address -> Target.anonymous(address).withFullDisk());
    }

    private List<Verdict> run(
            String config, Suite suite, Function<InetSocketAddress, Target> target)
            throws Exception {
        BrokerProcess broker = BrokerProcess.start(jar, config);
        try {
            return suite.run(target.apply(broker.address()));
        } finally {
            broker.stop();
        }
    }

    private static String nameOf(Verdict verdict) {
        return "%s: %s".formatted(verdict.scenario().name(), verdict.scenario().says());
    }

    private static void judge(Verdict verdict) {
        switch (verdict.outcome()) {
            case PASSED -> {}
            case NOT_OFFERED -> fail("in no configuration: " + verdict.reason());
            case FAILED, LENIENT -> fail(verdict.reason() + "\n" + verdict.transcript());
        }
    }
}
