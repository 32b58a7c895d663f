package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Target;
import io.sotto.conformance.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real jar, told to read its configuration again by the command and by the signal.
@Timeout(60)
class ReloadIT {
    private static final Target.Login ANN = new Target.Login("ann", "tea");
    private static final Target.Login BOB = new Target.Login("bob", "milk");
    private static final Pattern READY = Pattern.compile("listens on 127\\.0\\.0\\.1:(\\d+)");

    private final Path jar = Path.of(System.getProperty("sotto.jar"));
    @TempDir Path directory = Path.of("");
    private Process process;
    private Broker broker;
    private String ann = "";
    private String bob = "";

    @BeforeEach
    void start() throws Exception {
        ann = BrokerProcess.user(jar, ANN);
        bob = BrokerProcess.user(jar, BOB);
        configure("users:\n" + ann + bob);
        process = run("serve", "--config", config(), "--port", "0");
        Matcher ready = READY.matcher(String.valueOf(process.inputReader().readLine()));
        assertThat(ready.find()).isTrue();
        InetSocketAddress address =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(ready.group(1)));
        broker = Broker.of(Target.anonymous(address), Version.V5, "r");
    }

    @AfterEach
    void stop() throws InterruptedException {
        broker.close();
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private String config() {
        return directory.resolve("sotto.yaml").toString();
    }

    private void configure(String text) throws IOException {
        Files.writeString(
                directory.resolve("sotto.yaml"),
                "data: " + directory.resolve("data") + "\n" + text);
    }

    private Process run(String... arguments) throws IOException {
        List<String> command = BrokerProcess.command(jar);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve(arguments[0] + ".err").toFile())
                .start();
    }

    /// What a command says, when it ends with this status.
    private String said(int status, String... arguments) throws Exception {
        Process command = run(arguments);
        String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(command.waitFor()).isEqualTo(status);
        return said + Files.readString(directory.resolve(arguments[0] + ".err"));
    }

    @Test
    void the_command_says_what_would_be_and_then_does_it() throws Exception {
        Client bobs = broker.connectAnonymously().login(BOB).id("door").open();
        Client anns = broker.connectAnonymously().login(ANN).open();
        configure("users:\n" + ann + "loops: 3\n");

        String preview = said(0, "reload", "--config", config(), "--dry-run");

        assertThat(preview)
                .contains("user 'bob' is gone")
                .contains("loops needs a restart: ")
                .contains("client door ('bob') at 127.0.0.1")
                .contains("1 of 2 clients that are connected would be affected");
        bobs.expectNothing();

        assertThat(said(0, "reload", "--config", config())).contains("1 connections ended");
        assertThat(bobs.expect(PacketType.DISCONNECT).reason()).isEqualTo(0x87);
        anns.expectNothing();

        configure("users:\n" + bob + "loopz: 3\n");
        assertThat(said(2, "reload", "--config", config()))
                .contains("sotto.yaml:5: loopz is not known; did you mean loops?")
                .contains("nothing was changed");
        anns.expectNothing();
        said(1, "reload", "--data", directory.resolve("elsewhere").toString());
    }

    @Test
    void a_hangup_does_it_too() throws Exception {
        Client bobs = broker.connectAnonymously().login(BOB).open();
        Client anns = broker.connectAnonymously().login(ANN).open();
        configure("users:\n" + ann);

        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();

        assertThat(bobs.expect(PacketType.DISCONNECT).reason()).isEqualTo(0x87);
        anns.expectNothing();
    }
}
