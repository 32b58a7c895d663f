package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static io.sotto.transport.TestKeys.file;
import static io.sotto.transport.TestKeys.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a client sends before its handshake is done, which anybody could send again. The client is
/// that of OpenSSL, since the JDK has none that does so; where version 3 of it is not installed,
/// nothing is tried.
@Timeout(90)
class TlsEarlyDataTest {
    private static final String BEGIN = "-----BEGIN SSL SESSION PARAMETERS-----";
    private static final String END = "-----END SSL SESSION PARAMETERS-----";

    /// `max_early_data` in the form that OpenSSL keeps sessions in: `[15] INTEGER 16384`.
    private static final byte[] ALLOWED = {(byte) 0xAF, 4, 2, 2, 0x40, 0};

    @TempDir Path directory = Path.of("");

    private static RunningBroker broker(Engine engine) throws IOException {
        TlsSettings tls = TestKeys.settings(engine, Clients.NONE, pair("server"));
        return new RunningBroker(
                settings(30, 1000, 0), new Carriers(true, WebSocketSettings.DEFAULT, tls, null));
    }

    private static boolean isInstalled() {
        try {
            Process version = new ProcessBuilder("openssl", "version").start();
            String words =
                    new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return words.matches("(?s)OpenSSL [3-9].*");
        } catch (IOException e) {
            return false;
        }
    }

    /// Starts a client whose input is a pipe and whose output is a file.
    private Process client(RunningBroker broker, Path output, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "s_client",
                                "-tls1_3",
                                "-nocommands",
                                "-connect",
                                "127.0.0.1:" + broker.listener().port(),
                                "-CAfile",
                                file("ca.pem").toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /// It ends with its input, and writes then what is left of its output.
    private static void end(Process client) throws IOException, InterruptedException {
        client.getOutputStream().close();
        assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    /// A session that says of itself that early data is welcome, whatever the broker said.
    private static String allowingEarlyData(String session) {
        String base64 = session.substring(session.indexOf(BEGIN) + BEGIN.length());
        ByteBuffer old =
                ByteBuffer.wrap(
                        Base64.getMimeDecoder().decode(base64.substring(0, base64.indexOf(END))));
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        old.get();
        length(old);
        boolean isIn = false;
        while (old.hasRemaining()) {
            int start = old.position();
            int tag = old.get() & 0xFF;
            int length = length(old);
            int end = old.position() + length;
            if (!isIn && tag >= 0xAF) {
                fields.writeBytes(ALLOWED);
                isIn = true;
            }
            if (tag != 0xAF) {
                fields.write(old.array(), start, end - start);
            }
            old.position(end);
        }
        if (!isIn) {
            fields.writeBytes(ALLOWED);
        }
        ByteBuffer fresh = ByteBuffer.allocate(4 + fields.size());
        fresh.put((byte) 0x30).put((byte) 0x82).putShort((short) fields.size());
        fresh.put(fields.toByteArray());
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(fresh.array());
        return BEGIN + "\n" + lines + "\n" + END + "\n";
    }

    /// As DER writes one.
    private static int length(ByteBuffer in) {
        int first = in.get() & 0xFF;
        int length = first < 0x80 ? first : 0;
        for (int i = 0x80; i < first; i++) {
            length = length << 8 | in.get() & 0xFF;
        }
        return length;
    }

    @WithEachEngine
    void h_tls_09_what_comes_before_the_handshake_is_done_is_not_taken(Engine engine)
            throws Exception {
        assumeTrue(isInstalled(), "there is no OpenSSL 3 here");
        Path session = directory.resolve("session");
        Path heard = directory.resolve("heard");
        byte[] connect =
                Peer.bytes(
                        Peer.connectPacket(ProtocolVersion.MQTT_5, "early", 0, null),
                        ProtocolVersion.MQTT_5);
        Path early = Files.write(directory.resolve("early"), connect);
        try (RunningBroker broker = broker(engine)) {
            Process first = client(broker, heard, "-sess_out", session.toString());
            say(first, connect);
            await("a ticket", () -> text(session).contains(END));
            end(first);
            assertThat(text(heard).lines().filter(line -> line.contains("Max Early Data:")))
                    .isNotEmpty()
                    .allMatch(line -> line.strip().equals("Max Early Data: 0"));

            Path forged =
                    Files.writeString(
                            directory.resolve("forged"), allowingEarlyData(text(session)));
            Process again =
                    client(broker, heard, "-sess_in", forged + "", "-early_data", early + "");
            // Whoever has sent a CONNECT may go on with a PINGREQ. To the JDK what comes early is
            // no TLS, BoringSSL leaves it out.
            say(again, Peer.bytes(PingReq.INSTANCE, ProtocolVersion.MQTT_5));
            String end =
                    engine == Engine.JDK ? "TLS: no handshake" : "the first packet is not CONNECT";
            await(
                    "the end of it, not " + broker.events(),
                    () -> broker.events().stream().anyMatch(event -> event.contains(end)));
            end(again);
            assertThat(broker.certified()).as("the first login alone").hasSize(1);
            assertThat(text(heard)).doesNotContain("Early data was accepted");
        }
    }

    /// A client that is gone already hears nothing.
    private static void say(Process client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
            client.getOutputStream().flush();
        } catch (IOException e) {
            assertThat(client.onExit()).succeedsWithin(20, TimeUnit.SECONDS);
        }
    }
}
