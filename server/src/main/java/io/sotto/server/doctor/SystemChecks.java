package io.sotto.server.doctor;

import io.sotto.transport.TransportSettings;
import java.util.List;
import java.util.Optional;

/// The Java runtime and the limits of the operating system.
final class SystemChecks {
    private static final int NEEDED = 25;
    private static final long MEBIBYTE = 1 << 20;
    private static final long LITTLE_HEAP = 64;

    /// Files that a broker opens beside its connections: store, jar, listeners.
    private static final long OWN_FILES = 200;

    /// Below this a broker is soon full, whatever it is configured for.
    private static final long FEW_FILES = 4096;

    private static final long BACKLOG = 1024;

    private SystemChecks() {}

    static void run(TransportSettings settings, Host host, List<Finding> findings) {
        findings.add(java(Runtime.version().feature(), Runtime.getRuntime().maxMemory()));
        host.openFiles().ifPresent(limit -> findings.add(descriptors(limit, settings)));
        Optional<Long> backlog = host.backlog();
        backlog.ifPresent(limit -> findings.add(backlog(limit)));
    }

    static Finding java(int version, long heap) {
        String found =
                "Java %s of %s, at most %,d MiB of heap"
                        .formatted(
                                Runtime.version(),
                                System.getProperty("java.vendor"),
                                heap / MEBIBYTE);
        if (version < NEEDED) {
            return Finding.problem(
                    "java",
                    found + "; a JDK " + NEEDED + " or newer is needed",
                    "install one and point JAVA_HOME at it");
        }
        if (heap / MEBIBYTE < LITTLE_HEAP) {
            return Finding.warning(
                    "java", found + ", which is little", "SOTTO_JAVA_OPTS=-Xmx256m ./sotto serve");
        }
        return Finding.ok("java", found);
    }

    static Finding descriptors(long limit, TransportSettings settings) {
        String found = "%,d files and connections may be open at a time".formatted(limit);
        long wanted = settings.connections() + OWN_FILES;
        boolean saidSo = settings.connections() != TransportSettings.DEFAULT.connections();
        if (saidSo && limit < wanted) {
            return Finding.problem(
                    "descriptors",
                    found + ", and limits.connections is %,d".formatted(settings.connections()),
                    "ulimit -n %d, or LimitNOFILE=%d in the unit of systemd"
                            .formatted(wanted, wanted));
        }
        if (limit < FEW_FILES) {
            return Finding.warning(
                    "descriptors",
                    found
                            + ": no more than about %,d clients"
                                    .formatted(Math.max(0, limit - OWN_FILES)),
                    "ulimit -n 65536, or LimitNOFILE=65536 in the unit of systemd");
        }
        return Finding.ok("descriptors", found);
    }

    static Finding backlog(long limit) {
        String found = "%,d connections may wait to be accepted".formatted(limit);
        return limit >= BACKLOG
                ? Finding.ok("backlog", found)
                : Finding.warning(
                        "backlog",
                        found + ": when many come at once, some wait for a second and more",
                        "sudo sysctl -w net.core.somaxconn=4096");
    }
}
