package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.cli.Relay.Deed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `sotto bench` against a broker whose faults are known.
@Timeout(60)
class BenchTest {
    private static final String SHORT = " -d 1 --warmup 0 --rate 200 --drain 0.5 --quiet";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int bench(String line) {
        return Bench.command()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.split(" ", -1));
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pair %s -c 3 -q 0",
                "pair %s -q 1",
                "fanin %s",
                "fanout %s -q 1",
                "fanin %s --threads 2"
            })
    void a_broker_that_does_its_work_passes(String line) throws IOException {
        try (Relay relay = new Relay(_ -> Deed.DELIVER)) {
            int status = bench(line.formatted(relay.address()) + SHORT + " --json");

            assertThat(status).as(out.toString()).isZero();
            JsonNode report = json();
            int copies = line.startsWith("fanout") ? 10 : 1;
            assertThat(report.get("ok").asBoolean()).isTrue();
            assertThat(report.get("sent").asInt()).isEqualTo(200);
            assertThat(report.get("received").asInt())
                    .isEqualTo(copies * report.get("sent").asInt());
            assertThat(report.get("latency_us").get("count").asInt())
                    .isEqualTo(report.get("received").asInt());
        }
    }

    @ParameterizedTest
    @CsvSource({"LOSE, missing", "DOUBLE, doubled", "KEEP_BACK, out_of_order"})
    void every_fault_is_counted_and_is_status_1(Deed deed, String counter) throws IOException {
        try (Relay relay = new Relay(number -> number % 50 == 25 ? deed : Deed.DELIVER)) {
            int status = bench("pair " + relay.address() + SHORT + " --json");

            assertThat(status).isEqualTo(1);
            JsonNode report = json();
            assertThat(report.get(counter).asInt()).isEqualTo(4);
            int all = 0;
            for (String each : new String[] {"missing", "doubled", "out_of_order"}) {
                all += report.get(each).asInt();
            }
            assertThat(all).isEqualTo(4);
        }
    }

    @Test
    void a_broker_that_stands_still_is_seen_in_all_that_it_held_up() throws IOException {
        try (Relay relay = new Relay(number -> number == 50 ? Deed.HOLD_UP : Deed.DELIVER)) {
            int status = bench("pair " + relay.address() + SHORT + " --json");

            assertThat(status).as(out.toString()).isZero();
            JsonNode latency = json().get("latency_us");
            assertThat(latency.get("max").asDouble()).isGreaterThan(490_000);
            // 100 of 200 messages were due meanwhile, from 500 ms down to none.
            assertThat(latency.get("p90").asDouble()).isGreaterThan(250_000);
        }
    }

    @Test
    void a_connection_that_is_lost_is_told() throws IOException {
        try (Relay relay = new Relay(number -> number == 50 ? Deed.HANG_UP : Deed.DELIVER)) {
            int status = bench("pair " + relay.address() + SHORT);

            assertThat(status).isEqualTo(1);
            assertThat(out.toString()).contains("failed").contains("a publisher: ");
        }
    }

    @Test
    void as_many_as_the_window_lets_through() throws IOException {
        try (Relay relay = new Relay(_ -> Deed.DELIVER)) {
            int status =
                    bench("fanout " + relay.address() + SHORT + " --rate max --window 10 --json");

            assertThat(status).as(out.toString()).isZero();
            assertThat(json().get("sent").asInt()).isGreaterThan(200);
        }
    }

    /// Some 25 MB are due while nobody reads, which no buffer of the system holds.
    @ParameterizedTest
    @ValueSource(strings = {"--rate 1000 -q 0", "--rate 1000 -q 1", "--rate max -q 0"})
    void what_a_broker_does_not_read_waits_and_goes_later(String pace) throws IOException {
        try (Relay relay = new Relay(number -> number == 20 ? Deed.HOLD_UP : Deed.DELIVER)) {
            int status =
                    bench(
                            "pair "
                                    + relay.address()
                                    + SHORT
                                    + " -s 50000 --window 600 --json "
                                    + pace);

            assertThat(status).as(out.toString()).isZero();
            JsonNode report = json();
            assertThat(report.get("sent").asInt()).isGreaterThanOrEqualTo(200);
            // It was not sent as long as it could not go.
            if (pace.startsWith("--rate 1000")) {
                assertThat(report.get("send_lag_us").get("max").asDouble()).isGreaterThan(100_000);
            }
        }
    }

    @Test
    void publishers_alone_are_timed_by_their_acknowledgements() throws IOException {
        try (Relay relay = new Relay(_ -> Deed.LOSE)) {
            int status = bench("pub " + relay.address() + SHORT + " -q 1 -c 2 --json");

            assertThat(status).as(out.toString()).isZero();
            JsonNode report = json();
            assertThat(report.get("latency_us").isNull()).isTrue();
            assertThat(report.get("acknowledgement_us").get("count").asInt())
                    .isEqualTo(report.get("sent").asInt());
        }
    }

    @Test
    void connections_are_opened_at_their_rate() throws IOException {
        try (Relay relay = new Relay(_ -> Deed.DELIVER)) {
            int status =
                    bench(
                            "conn "
                                    + relay.address()
                                    + " -c 50 --conn-rate 100 --bind 127.0.0.2,127.0.0.3"
                                    + " --json");

            assertThat(status).as(out.toString()).isZero();
            JsonNode report = json();
            assertThat(report.get("connected").asInt()).isEqualTo(50);
            assertThat(report.get("achieved").asDouble()).isBetween(20.0, 103.0);
            assertThat(report.get("connecting_us").get("count").asInt()).isEqualTo(50);
        }
    }

    @Test
    void people_get_lines_and_a_verdict() throws IOException {
        try (Relay relay = new Relay(_ -> Deed.DELIVER)) {
            int status = bench("pair " + relay.address() + " -d 1.5 --warmup 0 --rate 100");

            assertThat(status).isZero();
            assertThat(out.toString())
                    .contains("1 publishers, 1 subscribers, QoS 0, 64 bytes, 100 messages/s")
                    .contains("check           0 missing, 0 doubled, 0 out of order")
                    .contains("due to arrival  p50 ")
                    .endsWith("verdict         all well\n");
            assertThat(err.toString())
                    .containsPattern("  1 s measuring  sent \\d+/s  received \\d+/s");
        }
    }

    @Test
    void nobody_there_is_status_2() {
        assertThat(bench("pair 127.0.0.1:1" + SHORT)).isEqualTo(2);
        assertThat(out.toString())
                .contains("cannot reach the server", "not all well, exit status 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pair h -s 27",
                "pair h --rate -1",
                "pair h --rate often",
                "pair h -d 0",
                "pair h -c 0",
                "pair h --window 0",
                "pair h --threads 0",
                "pair h --threads 100000",
                "pair h --prefix a/#",
                "pair http://h",
                "conn h -c 0",
                "conn h --conn-rate 0",
                "sub h",
                "sub h -t a/#/b",
                "nothing h"
            })
    void what_makes_no_sense_is_status_2(String line) {
        assertThat(bench(line)).isEqualTo(2);
        assertThat(err.toString()).isNotEmpty().doesNotContain("Exception");
    }
}
