package io.sotto.server;

import io.sotto.server.Reload.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// How commands of the same user reach a broker that runs: a socket in its data folder that nobody
/// else may open. A command is a line; the answer is a line with a status, then what there is to
/// say.
final class ControlSocket implements AutoCloseable {
    private static final String NAME = "control.sock";
    private static final int LONGEST_LINE = 64;

    /// How long nobody is accepted after that failed, in nanoseconds.
    private static final long PAUSE = 1_000_000_000;

    private final ServerSocketChannel channel;
    private final Path place;
    private final Function<String, Report> commands;

    private ControlSocket(
            ServerSocketChannel channel, Path place, Function<String, Report> commands) {
        this.channel = channel;
        this.place = place;
        this.commands = commands;
    }

    /// Begins to listen. The socket is born where nobody else may enter, and moved into place when
    /// it has its mode, so that there is no moment in which others may connect.
    ///
    /// @param folder the data folder
    /// @param commands what each command does
    /// @throws IOException with a sentence
    static ControlSocket open(Path folder, Function<String, Report> commands) throws IOException {
        Files.createDirectories(folder);
        Path place = folder.resolve(NAME).toAbsolutePath();
        if (Files.exists(place) && answers(place)) {
            throw new IOException("another broker answers at " + place);
        }
        Path nursery = Files.createTempDirectory(folder.toAbsolutePath(), ".c");
        Path birthplace = nursery.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(birthplace));
            Files.setPosixFilePermissions(birthplace, PosixFilePermissions.fromString("rw-------"));
            Files.move(birthplace, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | UnsupportedOperationException e) {
            channel.close();
            Files.deleteIfExists(birthplace);
            throw new IOException(place + " cannot be made: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(nursery);
        }
        ControlSocket socket = new ControlSocket(channel, place, commands);
        Thread.ofVirtual().name("sotto-control").start(socket::accept);
        return socket;
    }

    /// Whether a broker answers in a data folder.
    static boolean isAnswered(Path folder) {
        return answers(folder.resolve(NAME).toAbsolutePath());
    }

    private static boolean answers(Path place) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(place))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                Thread.ofVirtual().name("sotto-command").start(() -> serve(client));
            } catch (IOException e) {
                // Closed, as the broker stops, which the loop sees; or there are no descriptors
                // left just now, and whoever asks waits until there are.
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            Report report = commands.apply(line(client));
            String text = report.status() + "\n" + String.join("\n", report.lines()) + "\n";
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
        } catch (IOException e) {
            // Whoever asked does not want to know any more.
        }
    }

    private static String line(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_LINE);
        while (bytes.hasRemaining() && client.read(bytes) >= 0) {
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            if (text.endsWith("\n")) {
                return text.strip();
            }
        }
        return "";
    }

    /// What the broker of a data folder answers.
    ///
    /// @throws IOException with a sentence, when there is none or it does not want to
    static List<String> answer(Path folder, String command) throws IOException {
        Report report = ask(folder, command);
        if (report.status() != 0) {
            throw new IOException(String.join("; ", report.lines()));
        }
        return report.lines();
    }

    /// Has the broker of a data folder do something.
    ///
    /// @throws IOException when there is none
    static Report ask(Path folder, String command) throws IOException {
        Path place = folder.resolve(NAME).toAbsolutePath();
        try (SocketChannel broker = SocketChannel.open(UnixDomainSocketAddress.of(place))) {
            broker.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(broker), StandardCharsets.UTF_8));
            List<String> lines = new ArrayList<>(in.lines().toList());
            if (lines.isEmpty()) {
                throw new IOException("it ended without an answer");
            }
            return new Report(Integer.parseInt(lines.removeFirst()), lines);
        } catch (UncheckedIOException | NumberFormatException e) {
            throw new IOException("it did not answer in full: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(place);
        } catch (IOException e) {
            // Whoever starts next finds that nobody answers, and replaces it.
        }
    }
}
