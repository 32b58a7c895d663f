package io.sotto.fuzz;

import io.sotto.server.config.ConfigException;
import io.sotto.server.config.SottoConfig;
import java.nio.charset.StandardCharsets;

/// A configuration file of any bytes: it is read, or refused with faults. Memory only in proportion
/// to the text, whatever it says.
///
/// Names of hosts are looked up; the JVM is to have an empty `jdk.net.hosts.file`, or the fuzzer
/// asks the network.
public final class ConfigTarget {
    private static final int COST_OF_A_BYTE = 2048;
    private static final int COST_OF_A_READING = 1 << 20;

    private ConfigTarget() {}

    /// What Jazzer calls.
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        Bounds.inTime(() ->
                Bounds.inSpace(
                        COST_OF_A_READING + (long) COST_OF_A_BYTE * data.length, () -> read(text)));
    }

    private static void read(String text) {
        try {
            SottoConfig.read("sotto.yaml", text, SottoConfig.Overrides.NONE);
        } catch (ConfigException e) {
            if (e.faults().isEmpty()) {
                throw new AssertionError("refused without a fault", e);
            }
        }
    }
}
