package io.sotto.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.testkit.login.TestKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A headless Chromium, each tab of which is a client; see `js/browser.mjs`.
///
/// It trusts the authority of the tests and no other that is not the system's.
final class Chromium implements AutoCloseable {
    private static final Path PLACE = Path.of("target", "browser").toAbsolutePath();
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");

    private final Agent agent;

    private Chromium(List<String> command) {
        agent = Agent.start(command);
    }

    /// Skips the tests where there is no browser, or nothing to make it trust our certificates.
    static void assumeThere() {
        assumeTrue(
                program(NAMES).isPresent() && program(List.of("certutil")).isPresent(),
                "no browser: install the packages chromium and libnss3-tools");
    }

    /// One that has no certificate of its own.
    static Chromium start(String name) throws IOException {
        return new Chromium(command(home(name)));
    }

    /// One that shows its certificate, `client.pem`, to whoever answers at the URL.
    static Chromium startWithCertificate(String name, String url) throws IOException {
        Path home = home(name);
        Path store = clientAsPkcs12(home.resolve("client.p12"), "secret");
        nss("pk12util", "-d", database(home), "-i", store.toString(), "-W", "secret");
        List<String> command = new ArrayList<>(command(home));
        command.add(url);
        return new Chromium(command);
    }

    /// Its certificate with its key, as browsers take them.
    private static Path clientAsPkcs12(Path to, String password) throws IOException {
        try (OutputStream out = Files.newOutputStream(to)) {
            TestKeys.store("client", password.toCharArray()).store(out, password.toCharArray());
            return to;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("no PKCS #12 file of client.pem", e);
        }
    }

    /// The one that the tests of a run share.
    static Chromium shared() {
        return Shared.CHROMIUM;
    }

    /// A client in a tab of its own, which opens when it connects.
    Agent.Remote client(String version, Way way) {
        return agent.client(version, way);
    }

    Agent.Remote client(String version, String url) {
        return agent.client(version, () -> Map.of("url", url));
    }

    /// Closes the tab of a client.
    static void closeTab(Agent.Remote client) {
        client.does("vanish", Map.of());
    }

    /// Writes what the tab of a client shows to a PNG file below `target`.
    static Path picture(Agent.Remote client, String name) {
        Path file = PLACE.resolve(name + ".png");
        client.does("picture", Map.of("file", file.toString()));
        return file;
    }

    /// Where the pages come from, as a browser writes it into the head `Origin`.
    String origin() {
        return agent.ask("origin", Map.of()).get("origin").asText();
    }

    /// Opens an address in a tab, whatever it shows; whether a server answered.
    boolean visit(String url) {
        return agent.ask("visit", Map.of("url", url)).get("shown").asBoolean();
    }

    /// What the browser and the server at an address agree on for a WebSocket.
    String extensions(String url) {
        return agent.ask("extensions", Map.of("url", url)).get("agreed").asText();
    }

    @Override
    public void close() {
        agent.close();
    }

    private static List<String> command(Path home) {
        List<String> command = new ArrayList<>(Processes.node(Path.of("js", "browser.mjs")));
        command.add(program(NAMES).orElseThrow().toString());
        command.add(home.toString());
        return command;
    }

    /// An empty home with the certificates that are trusted there.
    private static Path home(String name) throws IOException {
        Path home = PLACE.resolve(name);
        if (Files.exists(home)) {
            try (Stream<Path> old = Files.walk(home)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(home.resolve(".pki").resolve("nssdb"));
        String authority = TestKeys.file("ca.pem").toString();
        nss("certutil", "-N", "-d", database(home), "--empty-password");
        nss("certutil", "-A", "-d", database(home), "-t", "C,,", "-n", "tests", "-i", authority);
        return home;
    }

    private static String database(Path home) {
        return "sql:" + home.resolve(".pki").resolve("nssdb");
    }

    private static void nss(String... command) {
        try (Running tool = Running.start(List.of(command))) {
            tool.awaitSuccess();
        }
    }

    private static Optional<Path> program(List<String> names) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static final class Shared {
        static final Chromium CHROMIUM = open();

        private static Chromium open() {
            try {
                Chromium chromium = start("shared");
                Runtime.getRuntime().addShutdownHook(new Thread(chromium::close));
                return chromium;
            } catch (IOException e) {
                throw new AssertionError("no home for Chromium", e);
            }
        }
    }
}
