package io.sotto.cli;

import io.sotto.mqtt.QoS;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a quality of service: 0, 1 or 2.
final class QoSConverter implements ITypeConverter<QoS> {
    @Override
    public QoS convert(String text) {
        return switch (text) {
            case "0" -> QoS.AT_MOST_ONCE;
            case "1" -> QoS.AT_LEAST_ONCE;
            case "2" -> QoS.EXACTLY_ONCE;
            default -> throw new TypeConversionException("'" + text + "' is none of 0, 1 and 2");
        };
    }
}
