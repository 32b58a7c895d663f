package io.sotto.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// A property of MQTT 5.0 as it is written on a command line: `publish content-type text/plain`.
///
/// @param packet the packet that carries it, or `will`
/// @param value the value, or the name of a user property
/// @param second the value of a user property, else empty
record Property(String packet, String name, String value, String second) {
    static final String USER = "user-property";

    private static final Set<String> PACKETS =
            Set.of("connect", "publish", "subscribe", "unsubscribe", "disconnect", "will");

    /// The value as a number within bounds.
    long number(long minimum, long maximum) {
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            number = minimum - 1;
        }
        if (number < minimum || number > maximum) {
            throw new IllegalArgumentException(
                    "%s is %d to %d, not '%s'".formatted(name, minimum, maximum, value));
        }
        return number;
    }

    /// That this property cannot be sent there.
    IllegalArgumentException misplaced() {
        return new IllegalArgumentException(
                "-D " + packet + ": '" + name + "' cannot be sent there");
    }

    /// Takes the three or, for a user property, four words of an option.
    static final class Words implements IParameterConsumer {
        @Override
        @SuppressWarnings("JdkObsolete") // picocli's own type
        public void consumeParameters(
                Stack<String> arguments, ArgSpec option, CommandSpec command) {
            List<Property> given = new ArrayList<>();
            List<Property> before = option.getValue();
            if (before != null) {
                given.addAll(before);
            }
            String packet = next(arguments, command);
            if (!PACKETS.contains(packet)) {
                throw new ParameterException(
                        command.commandLine(),
                        "-D: '"
                                + packet
                                + "' is none of connect, publish, subscribe, unsubscribe,"
                                + " disconnect, will");
            }
            String name = next(arguments, command);
            String value = next(arguments, command);
            String second = name.equals(USER) ? next(arguments, command) : "";
            given.add(new Property(packet, name, value, second));
            option.setValue(given);
        }

        @SuppressWarnings("JdkObsolete") // picocli's own type
        private static String next(Stack<String> arguments, CommandSpec command) {
            if (arguments.isEmpty()) {
                throw new ParameterException(
                        command.commandLine(),
                        "-D takes a packet, a name and a value, and two values for user-property");
            }
            return arguments.pop();
        }
    }
}
