package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import io.sotto.client.Transport;
import io.sotto.mqtt.QoS;
import io.sotto.server.Reload.Report;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.SottoConfig.Overrides;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Listeners that come, go and change while clients are there.
@Timeout(60)
class ListenersTest {
    @TempDir Path directory = Path.of("");
    private int house;
    private int garden;
    private Server server;
    private Reload reload;

    @BeforeEach
    void start() throws Exception {
        house = free();
        garden = free();
        configure(line("house", house) + line("garden", garden));
        Overrides overrides =
                new Overrides(
                        directory.resolve("sotto.yaml"), null, null, directory.resolve("data"));
        SottoConfig config = SottoConfig.load(overrides);
        server = Server.start(config);
        reload = server.reload(Reload.Source.of(overrides), config);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static int free() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static String line(String name, int port) {
        return line(name, port, "");
    }

    private static String line(String name, int port, String more) {
        return "  - {name: %s, port: %d%s}\n".formatted(name, port, more);
    }

    private void configure(String listeners) throws IOException {
        Files.writeString(
                directory.resolve("sotto.yaml"),
                "durability: memory\nlog: {level: error}\nlisteners:\n" + listeners);
    }

    private Report reload(String listeners) throws IOException {
        configure(listeners);
        return reload.apply();
    }

    private static Client connect(int port) {
        return Client.connect(ClientOptions.of("127.0.0.1", port));
    }

    private static void assertClosed(int port) {
        assertThatThrownBy(() -> connect(port)).isInstanceOf(ClientException.class);
    }

    /// Its connection is the same as ever, and works.
    private static void assertThere(Client client) {
        assertThat(client.subscribe("a", QoS.AT_LEAST_ONCE).isFailure()).isFalse();
    }

    @Test
    void one_comes_and_nobody_notices() throws Exception {
        int gate = free();
        Client before = connect(house);

        Report report = reload(line("house", house) + line("gate", gate) + line("garden", garden));

        assertThat(report.status()).isZero();
        assertThat(report.lines())
                .first()
                .isEqualTo("listener gate at 127.0.0.1:" + gate + " is new");
        assertThere(before);
        connect(gate).close();
        connect(garden).close();
        before.close();
    }

    @Test
    void one_goes_with_its_clients_and_the_others_stay() throws Exception {
        Client inHouse = connect(house);
        Client inGarden = connect(garden);
        configure(line("house", house));

        Report preview = reload.preview();
        Report report = reload.apply();

        assertThat(preview.lines())
                .contains("1 of 2 clients that are connected would be affected")
                .anyMatch(line -> line.endsWith("would be disconnected: its listener is gone"));
        assertThat(report.lines())
                .contains("listener garden at 127.0.0.1:" + garden + " is gone")
                .last()
                .asString()
                .contains("1 connections ended");
        assertThat(inGarden.ended()).failsWithin(10, TimeUnit.SECONDS);
        assertThere(inHouse);
        assertClosed(garden);
        inHouse.close();
    }

    @Test
    void one_moves_and_its_clients_stay() throws Exception {
        int elsewhere = free();
        Client before = connect(garden);

        Report report = reload(line("house", house) + line("garden", elsewhere));

        assertThat(report.lines())
                .contains(
                        "listener garden moves from 127.0.0.1:%d to 127.0.0.1:%d"
                                .formatted(garden, elsewhere));
        assertThere(before);
        assertClosed(garden);
        connect(elsewhere).close();
        before.close();
    }

    @Test
    void what_it_speaks_changes_for_those_who_come() throws Exception {
        Client before = connect(garden);

        Report report = reload(line("house", house) + line("garden", garden, ", protocols: [ws]"));

        assertThat(report.lines()).contains("listener garden: protocols: [mqtt] -> [ws]");
        assertThere(before);
        assertClosed(garden);
        Transport.Connector webSocket =
                Transport.webSocket(
                        Transport.tcp("127.0.0.1", garden), "127.0.0.1:" + garden, "/mqtt");
        Client.connect(ClientOptions.of(webSocket)).close();

        reload(line("house", house) + line("garden", garden, ", connections: 1"));
        assertThere(before);
        assertClosed(garden);
        before.close();
    }

    @Test
    void where_a_port_cannot_be_had_nothing_changes() throws Exception {
        Client before = connect(garden);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int taken = other.getLocalPort();

            Report report =
                    reload(
                            line("barn", garden)
                                    + line("gate", free())
                                    + line("house", taken)
                                    + "clients.empty-id: false\n");

            assertThat(report.status()).isEqualTo(1);
            assertThat(report.lines())
                    .containsExactly(
                            "cannot listen on 127.0.0.1:%d: another program has that port"
                                    .formatted(taken),
                            "nothing was changed");
        }
        assertThere(before);
        connect(house).close();
        connect(garden).close();
        assertThat(reload(line("house", house) + line("garden", garden)).lines())
                .first()
                .isEqualTo("no setting is another than before");
        before.close();
    }

    @Test
    void files_that_cannot_be_used_change_nothing() throws Exception {
        Client before = connect(garden);

        Report report =
                reload(
                        line("house", free())
                                + line(
                                        "garden",
                                        garden,
                                        ", tls: {certificate: nowhere.pem, key: nowhere.key}"));

        assertThat(report.status()).isEqualTo(1);
        assertThat(report.lines()).first().asString().contains("nowhere.pem");
        assertThere(before);
        connect(house).close();
        connect(garden).close();
        before.close();
    }

    @Test
    void ports_may_pass_from_one_to_another() throws Exception {
        Client before = connect(house);

        Report swapped = reload(line("garden", house) + line("house", garden));

        assertThat(swapped.status()).isZero();
        assertThere(before);
        connect(house).close();
        connect(garden).close();

        Report wider =
                reload(
                        line("garden", house)
                                + line("house", garden, ", host: 0.0.0.0, anonymous: true"));

        assertThat(wider.status()).isZero();
        connect(garden).close();
        assertThere(before);
        before.close();
    }
}
