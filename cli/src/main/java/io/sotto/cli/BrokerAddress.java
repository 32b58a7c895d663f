package io.sotto.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Where a broker listens, as it is written on a command line: `host`, `host:port`, `[::1]:port`.
///
/// @param port 0 when none was given
record BrokerAddress(String host, int port) {
    private static final Pattern TEXT =
            Pattern.compile(
                    "(?:\\[(?<six>[0-9A-Fa-f:.%\\w]+)]|(?<name>[^:\\[\\]]+))(?::(?<port>\\d{1,5}))?");

    static BrokerAddress parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no HOST:PORT; an IPv6 address stands in brackets");
        }
        int port = parts.group("port") == null ? 0 : Integer.parseInt(parts.group("port"));
        if (port > 65_535 || parts.group("port") != null && port == 0) {
            throw new IllegalArgumentException("a port is 1 to 65,535, not " + parts.group("port"));
        }
        String six = parts.group("six");
        return new BrokerAddress(six == null ? parts.group("name") : six, port);
    }

    /// Lets picocli read one.
    static final class Converter implements ITypeConverter<BrokerAddress> {
        @Override
        public BrokerAddress convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
