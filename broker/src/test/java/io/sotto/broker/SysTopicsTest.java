package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.broker.time.Timer;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SysTopicsTest {
    private static final String ROOT = "$SYS/broker/";

    private final TestBroker broker = new TestBroker();

    /// All figures, as somebody sees them who looks now.
    private Map<String, String> figures() {
        TestClient looker = broker.modern().connect("looker", true, 0);
        looker.subscribe(ROOT + "#", QoS.AT_MOST_ONCE);
        Map<String, String> figures = new TreeMap<>();
        looker.take().stream()
                .filter(Publish.class::isInstance)
                .map(Publish.class::cast)
                .forEach(publish ->
                        figures.put(
                                publish.topic().toString().substring(ROOT.length()),
                                new String(
                                        publish.payload().toByteArray(), StandardCharsets.UTF_8)));
        looker.lose();
        return figures;
    }

    @Test
    void every_figure_is_documented_and_no_other() throws IOException {
        broker.figure("certificates/expiry", () -> 3600);
        broker.figure("not there", () -> Long.MAX_VALUE);
        broker.sleep(10_000);
        TreeSet<String> documented = new TreeSet<>();
        Path page = Path.of(System.getProperty("sotto.home", ".."), "docs", "sys-topics.md");
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("| `")) {
                String name = line.substring(3, line.indexOf('`', 3));
                if (name.endsWith("/+")) {
                    for (int span : LoadAverage.SPANS) {
                        documented.add(name.replace("+", span + "min"));
                    }
                } else {
                    documented.add(name);
                }
            }
        }

        assertThat(figures().keySet()).isEqualTo(documented);
    }

    @Test
    void some_figures_are_there_under_the_names_that_they_had_before_in_mosquitto_too() {
        broker.modern().connect("away", true, 100).subscribe("t", QoS.AT_LEAST_ONCE).lose();
        broker.modern().connect("p", true, 0).publish("t", "kept", QoS.AT_LEAST_ONCE, true);
        broker.sleep(10_000);

        Map<String, String> figures = figures();
        assertThat(figures)
                .containsEntry("clients/active", figures.get("clients/connected"))
                .containsEntry("clients/inactive", "1")
                .containsEntry("messages/stored", figures.get("store/messages/count"));
    }

    @Test
    void packets_and_bytes_are_counted_whatever_they_are() {
        broker.sleep(1);
        TestClient client = broker.old().connect("counted", true, 0);
        client.publish("a", "four", QoS.AT_LEAST_ONCE);

        broker.sleep(10_000);

        // CONNECT 2 + 10 + 9, PUBLISH 2 + 3 + 2 + 4
        Map<String, String> figures = figures();
        assertThat(figures).containsEntry("messages/received", "2");
        assertThat(figures).containsEntry("bytes/received", Integer.toString(21 + 11));
        // CONNACK and PUBACK
        assertThat(figures).containsEntry("messages/sent", "2");
        assertThat(figures).containsEntry("bytes/sent", "8");
        assertThat(figures).containsEntry("publish/messages/received", "1");
    }

    @Test
    void a_timer_that_fails_is_counted_and_stops_no_other() {
        broker.shard()
                .wheel()
                .set(
                        new Timer() {
                            @Override
                            protected void expired(long now) {
                                throw new IllegalStateException("bad session");
                            }
                        },
                        broker.now());

        broker.sleep(1);
        broker.sleep(10_000);

        assertThat(figures()).containsEntry("faults", "1").containsEntry("uptime", "10 seconds");
    }

    @Test
    void what_goes_on_for_long_is_the_load() {
        LoadAverage load = new LoadAverage();

        for (int i = 1; i <= 360; i++) {
            load.update(i * 5L, 10);
        }

        assertThat(load.mean(0)).isEqualTo(30, within(0.01));
        assertThat(load.mean(1)).isEqualTo(30, within(0.01));
        assertThat(load.mean(2)).isEqualTo(30 * (1 - Math.exp(-4)), within(0.01));
    }

    @Test
    void a_burst_is_forgotten_sooner_by_the_shorter_mean() {
        LoadAverage load = new LoadAverage();
        load.update(600, 10);
        assertThat(load.mean(0)).isGreaterThan(load.mean(1)).isLessThan(3600);

        for (int i = 0; i < 30; i++) {
            load.update(600, 10);
        }

        assertThat(load.mean(0)).isLessThan(load.mean(1));
        assertThat(load.mean(1)).isLessThan(load.mean(2) * 2);
    }
}
