package io.sotto.server;

import static java.util.Objects.requireNonNull;

import io.sotto.access.PasswordHash;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a configuration to begin with: a user with a password, and TLS with a certificate that
/// this command signs itself.
@Command(
        name = "init",
        description = {
            "Makes a configuration with a user, a password and a certificate.",
            "The password is shown once. Nothing that is there is overwritten."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto init /etc/sotto",
            "  sotto serve --config /etc/sotto/sotto.yaml",
            "  sotto sub --cafile /etc/sotto/certificate.pem -h localhost -p 8883 \\",
            "      -u admin --password-file FILE -t '#'"
        })
final class Init implements Callable<Integer> {
    /// Without those that look like others.
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private static final int PASSWORD = 24;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:*-]{1,253}");

    @Spec @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Where it goes (default: here).")
    Path directory = Path.of("");

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "The name of the user (default: admin).")
    String user = "admin";

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description =
                    "A name or address that clients use, for the certificate; may be given several"
                            + " times (default: the name of this machine).")
    List<String> hosts = List.of();

    Init() {}

    @Override
    public Integer call() {
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        Path folder = directory.toAbsolutePath().normalize();
        checkHosts();
        if (user.isEmpty() || user.chars().anyMatch(Character::isISOControl)) {
            throw new ParameterException(
                    requireNonNull(spec).commandLine(),
                    "--user is empty or has a control character");
        }
        SecureRandom random = new SecureRandom();
        String password = password(random);
        try {
            Path config = folder.resolve("sotto.yaml");
            Path certificate = folder.resolve("certificate.pem");
            Path key = folder.resolve("key.pem");
            for (Path file : List.of(config, certificate, key)) {
                if (Files.exists(file)) {
                    throw new FileAlreadyExistsException(file.toString());
                }
            }
            SelfSigned pair = SelfSigned.make(names(), Instant.now(), random);
            PrivateFiles.folder(folder);
            PrivateFiles.write(key, pair.key().getBytes(StandardCharsets.US_ASCII));
            PrivateFiles.write(certificate, pair.certificate().getBytes(StandardCharsets.US_ASCII));
            String text = config(folder, PasswordHash.of(password, random));
            PrivateFiles.write(config, text.getBytes(StandardCharsets.UTF_8));
            out.println("wrote " + config);
            out.println("wrote " + certificate + ", for " + String.join(", ", names()));
            out.println("wrote " + key);
            out.println("user:     " + user);
            out.println("password: " + password + "   (it is not shown again)");
            out.println("start it: sotto serve --config " + config);
            out.flush();
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            requireNonNull(spec).commandLine().getErr().println("sotto: " + PrivateFiles.reason(e));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void checkHosts() {
        for (String host : hosts) {
            if (!HOST.matcher(host).matches()) {
                throw new ParameterException(
                        requireNonNull(spec).commandLine(),
                        "--host is to be a name or an address, not '" + host + "'");
            }
        }
    }

    /// 120 bits.
    private static String password(SecureRandom random) {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < PASSWORD; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }

    private List<String> names() {
        if (!hosts.isEmpty()) {
            return Stream.concat(Stream.of("localhost"), hosts.stream()).distinct().toList();
        }
        try {
            String own = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            return own.equals("localhost") || !HOST.matcher(own).matches()
                    ? List.of("localhost")
                    : List.of("localhost", own);
        } catch (UnknownHostException e) {
            return List.of("localhost");
        }
    }

    private String config(Path folder, PasswordHash hash) {
        return """
        # Made by `sotto init`. docs/configuration.md has every key.
        listeners:
          # For everybody who has a password, over TLS.
          - name: secure
            host: 0.0.0.0
            port: 8883
            tls:
              certificate: %s
              key: %s
          # For this machine alone.
          - name: local
            host: 127.0.0.1
            port: 1883
        users:
          - name: %s
            password: %s
        data: %s
        """
                .formatted(
                        quoted(folder.resolve("certificate.pem").toString()),
                        quoted(folder.resolve("key.pem").toString()),
                        quoted(user),
                        quoted(hash.toString()),
                        quoted(folder.resolve("data").toString()));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
