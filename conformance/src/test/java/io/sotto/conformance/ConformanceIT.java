package io.sotto.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.sotto.conformance.Target.Login;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the suite against a Sotto that it starts from the jar in `sotto.jar`; or against another
/// broker, given by `conformance.host` and `conformance.port`.
///
/// What the default configuration does not show is shown by three more: one that does without
/// whatever the standard lets a broker do without, one where clients have to log in, and one that
/// speaks WebSocket.
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
    private static final String WEB_SOCKET = "listeners: [{protocols: [mqtt, ws]}]";
    private static final List<Login> LOGINS =
            List.of(new Login("alice", "secret"), new Login("bob", "geheim"));

    @TestFactory
    Stream<DynamicTest> the_broker_does_what_the_standards_say() throws Exception {
        List<Verdict> verdicts = verdicts();
        String page = System.getProperty("conformance.page", "");
        if (!page.isEmpty()) {
            Files.writeString(Path.of(page), new Report(verdicts).markdown());
        }
        return verdicts.stream()
                .map(verdict -> DynamicTest.dynamicTest(nameOf(verdict), () -> judge(verdict)));
    }

    private static List<Verdict> verdicts() throws Exception {
        String host = System.getProperty("conformance.host", "");
        if (!host.isEmpty()) {
            int port = Integer.getInteger("conformance.port", 1883);
            return Suite.all().run(Target.anonymous(new InetSocketAddress(host, port)));
        }
        Path jar = Path.of(System.getProperty("sotto.jar"));
        Map<Scenario, Verdict> verdicts = new LinkedHashMap<>();
        List<Verdict> all = new ArrayList<>(run(jar, "", List.of(), Suite.all()));
        all.addAll(
                run(
                        jar,
                        FRUGAL,
                        List.of(),
                        Suite.all()
                                .only(
                                        "CapabilitiesTest",
                                        "a_server_keep_alive_is_enforced",
                                        "an_alias_above_the_maximum_is_refused")));
        all.addAll(run(jar, usersOf(jar), LOGINS, Suite.all().only("LoginTest")));
        all.addAll(run(jar, WEB_SOCKET, List.of(), Suite.all().only("WebSocketTest")));
        all.forEach(verdict -> verdicts.merge(verdict.scenario(), verdict, Verdict::or));
        return List.copyOf(verdicts.values());
    }

    private static String usersOf(Path jar) throws Exception {
        StringBuilder config = new StringBuilder("users:\n");
        for (Login login : LOGINS) {
            config.append(BrokerProcess.user(jar, login));
        }
        return config.toString();
    }

    private static List<Verdict> run(Path jar, String config, List<Login> logins, Suite suite)
            throws Exception {
        BrokerProcess broker = BrokerProcess.start(jar, config);
        try {
            InetSocketAddress webSocket = config.equals(WEB_SOCKET) ? broker.address() : null;
            return suite.run(new Target(broker.address(), logins, webSocket));
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
            case NOT_OFFERED -> abort("not offered: " + verdict.reason());
            case FAILED -> fail(verdict.reason() + "\n" + verdict.transcript());
        }
    }
}
