package io.sotto.server.doctor;

import io.sotto.server.config.ConfigException;
import io.sotto.server.config.Fault;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.SottoConfig.Overrides;
import io.sotto.transport.TransportSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that can be known about a broker before it is started, or beside one that runs.
public final class Checkup {
    private static final String CONFIG = "config";

    private Checkup() {}

    /// Looks at everything. Nothing is changed.
    public static List<Finding> run(Overrides overrides, Host host, Instant now) {
        List<Finding> findings = new ArrayList<>();
        SottoConfig config;
        try {
            config = SottoConfig.load(overrides);
        } catch (ConfigException e) {
            SystemChecks.run(TransportSettings.DEFAULT, host, findings);
            for (Fault fault : e.faults()) {
                findings.add(fault(overrides.file(), fault));
            }
            return findings;
        }
        SystemChecks.run(config.transport(), host, findings);
        Path file = overrides.file();
        findings.add(
                Finding.ok(
                        CONFIG,
                        file == null
                                ? "no file is given: a broker for this machine only"
                                : "nothing is wrong with " + file));
        if (file != null && !config.users().isEmpty()) {
            SecretChecks.secret(CONFIG, file, findings);
        }
        LoginChecks.run(config, findings);
        PortChecks.run(config.listeners(), host, findings);
        StoreChecks.run(config.store(), config.broker().keeping(), host, findings);
        SecretChecks.run(config.listeners(), now, findings);
        return findings;
    }

    private static Finding fault(@Nullable Path file, Fault fault) {
        String name = fault.file() != null ? fault.file() : String.valueOf(file);
        String place = fault.line() > 0 ? name + ":" + fault.line() : name;
        return Finding.problem(
                CONFIG,
                place + ": " + fault.sentence(),
                "edit " + name + "; docs/configuration.md lists every key");
    }
}
