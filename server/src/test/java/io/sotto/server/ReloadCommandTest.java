package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.server.Reload.Report;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How a command reaches a broker.
@Timeout(30)
class ReloadCommandTest {
    @TempDir Path directory = Path.of("");

    static Report echo(String command) {
        return new Report(command.equals("reload") ? 0 : 2, List.of("asked for", command));
    }

    @Test
    void a_command_gets_its_answer() throws IOException {
        try (ControlSocket socket = ControlSocket.open(directory, ReloadCommandTest::echo)) {
            assertThat(socket).isNotNull();

            assertThat(ControlSocket.ask(directory, "reload"))
                    .isEqualTo(new Report(0, List.of("asked for", "reload")));
            assertThat(ControlSocket.ask(directory, "other").status()).isEqualTo(2);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void nobody_but_the_owner_may_connect() throws IOException {
        try (ControlSocket socket = ControlSocket.open(directory, ReloadCommandTest::echo)) {
            assertThat(socket).isNotNull();
            Path place = directory.resolve("control.sock");

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                    .isEqualTo("rw-------");
            assertThat(directory.toFile().list()).containsExactly("control.sock");
        }
    }

    @Test
    void whoever_says_nothing_holds_nobody_up() throws IOException {
        try (ControlSocket socket = ControlSocket.open(directory, ReloadCommandTest::echo);
                SocketChannel silent =
                        SocketChannel.open(
                                UnixDomainSocketAddress.of(directory.resolve("control.sock")))) {
            assertThat(socket).isNotNull();
            assertThat(silent.isConnected()).isTrue();

            assertThat(ControlSocket.ask(directory, "reload").status()).isZero();
        }
    }

    @Test
    void a_broker_that_answers_keeps_its_socket_and_one_that_is_dead_loses_it() throws IOException {
        try (ControlSocket first = ControlSocket.open(directory, ReloadCommandTest::echo)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> ControlSocket.open(directory, ReloadCommandTest::echo))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another broker answers");
        }
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(directory.resolve("control.sock")));
        }

        try (ControlSocket next = ControlSocket.open(directory, ReloadCommandTest::echo)) {
            assertThat(next).isNotNull();
            assertThat(ControlSocket.ask(directory, "reload").status()).isZero();
        }
    }

    @Test
    void without_a_broker_there_is_no_answer() {
        assertThatThrownBy(() -> ControlSocket.ask(directory, "reload"))
                .isInstanceOf(IOException.class);
    }
}
