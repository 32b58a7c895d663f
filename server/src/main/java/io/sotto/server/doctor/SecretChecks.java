package io.sotto.server.doctor;

import io.sotto.server.config.ListenerConfig;
import io.sotto.transport.TlsInspection;
import io.sotto.transport.TlsInspection.Ending;
import io.sotto.transport.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/// Certificates and keys: whether they can be used, until when, and who can read what is secret.
final class SecretChecks {
    private static final String AREA = "tls";

    private SecretChecks() {}

    static void run(List<ListenerConfig> listeners, Instant now, List<Finding> findings) {
        for (ListenerConfig listener : listeners) {
            TlsSettings tls = listener.carriers().tls();
            if (tls != null) {
                files(listener.name(), tls, now, findings);
                for (Path secret : TlsInspection.secrets(tls)) {
                    secret(AREA, secret, findings);
                }
            }
        }
    }

    private static void files(
            String listener, TlsSettings tls, Instant now, List<Finding> findings) {
        try {
            for (Ending ending : TlsInspection.read(tls)) {
                findings.add(ending(ending, now, tls.upkeep().warning()));
            }
        } catch (IOException e) {
            findings.add(
                    Finding.problem(
                            AREA,
                            "listener " + listener + ": " + e.getMessage(),
                            "see that listeners[].tls names the right files, each readable by this"
                                    + " user"));
        }
    }

    static Finding ending(Ending ending, Instant now, int warningSeconds) {
        long days = ChronoUnit.DAYS.between(now, ending.at());
        if (ending.at().isBefore(now)) {
            String what =
                    ending.isRevocation()
                            ? ": nobody whose certificate it could revoke gets in"
                            : ": clients refuse it";
            return Finding.problem(
                    AREA,
                    ending.what() + " is out of date since " + ending.at() + what,
                    "put a fresh one in its place; a broker that runs takes it by itself");
        }
        String found = "%s holds for %,d more days".formatted(ending.what(), days);
        return !ending.isRevocation() && ending.at().isBefore(now.plusSeconds(warningSeconds))
                ? Finding.warning(
                        AREA,
                        found,
                        "put a fresh one in its place; a broker that runs takes it by itself")
                : Finding.ok(AREA, found);
    }

    /// Says when a file that holds a secret can be read by everybody.
    static void secret(String area, Path file, List<Finding> findings) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.contains(PosixFilePermission.OTHERS_READ)
                    || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                findings.add(
                        Finding.problem(
                                area,
                                "everybody on this machine can read or change the secrets in "
                                        + file,
                                "chmod o-rwx " + file));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // It is not there, which is told elsewhere, or the system knows no such rights.
        }
    }
}
