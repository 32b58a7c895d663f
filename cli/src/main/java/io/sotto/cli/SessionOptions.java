package io.sotto.cli;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.ProtocolVersion;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Under which name and for how long the broker knows the client.
final class SessionOptions {
    private static final int SHORTEST_KEEP_ALIVE = 5;
    private static final int LONGEST_KEEP_ALIVE = 65_535;

    @Option(
            names = {"-V", "--protocol-version"},
            paramLabel = "VERSION",
            converter = VersionConverter.class,
            description = "The version of MQTT: 5, 311 or 31; also mqttv5, mqttv311, mqttv31.")
    @Nullable ProtocolVersion version;

    @Option(
            names = {"-i", "--id"},
            paramLabel = "ID",
            description = "The client identifier; without one, the broker gives one.")
    @Nullable String id;

    @Option(
            names = {"-I", "--id-prefix"},
            paramLabel = "PREFIX",
            description = "An identifier of this prefix and the process id.")
    @Nullable String prefix;

    @Option(
            names = {"-c", "--disable-clean-session"},
            description = "Keeps the session of this identifier, and goes on with it.")
    boolean kept;

    @Option(
            names = {"-x", "--session-expiry-interval"},
            paramLabel = "SECONDS",
            converter = ExpiryConverter.class,
            description =
                    "How long the session outlives the connection, with 5.0; -1 for ever, which"
                            + " also -c alone means.")
    @Nullable Long expiry;

    @Option(
            names = {"-k", "--keepalive"},
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "The longest silence, 5 to 65535; 60 unless told otherwise.")
    int keepAlive;

    SessionOptions() {}

    /// The client identifier; empty to let the broker give one.
    String clientId(ProtocolVersion spoken) {
        if (keepAlive < SHORTEST_KEEP_ALIVE || keepAlive > LONGEST_KEEP_ALIVE) {
            throw new IllegalArgumentException("-k is 5 to 65535 seconds");
        }
        if (id != null && prefix != null) {
            throw new IllegalArgumentException("-i and -I do not go together");
        }
        String name =
                id != null ? id : prefix == null ? "" : prefix + ProcessHandle.current().pid();
        if (name.isEmpty() && kept) {
            throw new IllegalArgumentException("a session that is kept (-c) needs a name (-i)");
        }
        if (name.isEmpty() && spoken == ProtocolVersion.MQTT_3_1) {
            // 3.1 has no empty identifiers, and none of more than 23 characters.
            return "sotto-%016x".formatted(ThreadLocalRandom.current().nextLong());
        }
        return name;
    }

    /// The session expiry interval in seconds.
    long expiry() {
        if (expiry != null) {
            return expiry;
        }
        return kept ? Connect.EXPIRES_NEVER : 0;
    }

    /// Reads a version as mosquitto's tools do.
    static final class VersionConverter implements ITypeConverter<ProtocolVersion> {
        @Override
        public ProtocolVersion convert(String text) {
            return switch (text) {
                case "5", "mqttv5" -> ProtocolVersion.MQTT_5;
                case "311", "mqttv311" -> ProtocolVersion.MQTT_3_1_1;
                case "31", "mqttv31" -> ProtocolVersion.MQTT_3_1;
                default ->
                        throw new TypeConversionException(
                                "'" + text + "' is none of 5, 311 and 31");
            };
        }
    }

    /// Reads a number of seconds, or one of the signs for no end.
    static final class ExpiryConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            if (text.equals("-1") || text.equals("∞")) {
                return Connect.EXPIRES_NEVER;
            }
            try {
                long seconds = Long.parseLong(text);
                if (seconds >= 0 && seconds <= Connect.EXPIRES_NEVER) {
                    return seconds;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new TypeConversionException("'" + text + "' is no number of seconds, nor -1");
        }
    }
}
