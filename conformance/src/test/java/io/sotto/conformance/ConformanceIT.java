package io.sotto.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the suite against a Sotto that it starts from the jar in `sotto.jar`; or against another
/// broker, given by `conformance.host` and `conformance.port`.
class ConformanceIT {
    @TestFactory
    Stream<DynamicTest> the_broker_does_what_the_standards_say() throws Exception {
        return verdicts().stream()
                .map(verdict -> DynamicTest.dynamicTest(nameOf(verdict), () -> judge(verdict)));
    }

    private static List<Verdict> verdicts() throws Exception {
        String host = System.getProperty("conformance.host", "");
        if (!host.isEmpty()) {
            int port = Integer.getInteger("conformance.port", 1883);
            return Suite.all().run(new InetSocketAddress(host, port));
        }
        BrokerProcess broker = BrokerProcess.start(Path.of(System.getProperty("sotto.jar")));
        try {
            return Suite.all().run(broker.address());
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
