package io.sotto.server.config;

import java.util.Comparator;
import java.util.List;

/// A configuration that is refused, with all that is wrong with it.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private static final Comparator<Fault> BY_PLACE =
            Comparator.comparing((Fault fault) -> fault.file() != null)
                    .thenComparingInt(Fault::line);

    @SuppressWarnings("serial") // never serialized
    private final List<Fault> faults;

    /// @param source the name of the file, as the user wrote it
    public ConfigException(String source, List<Fault> faults) {
        super(text(source, faults));
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }

    private static String text(String source, List<Fault> faults) {
        StringBuilder text = new StringBuilder();
        faults.stream()
                .sorted(BY_PLACE)
                .forEach(fault -> {
                    if (!text.isEmpty()) {
                        text.append('\n');
                    }
                    text.append(fault.file() == null ? source : fault.file());
                    if (fault.line() > 0) {
                        text.append(':').append(fault.line());
                    }
                    text.append(": ").append(fault.sentence());
                });
        return text.toString();
    }
}
