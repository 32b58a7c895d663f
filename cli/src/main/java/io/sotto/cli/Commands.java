package io.sotto.cli;

import java.util.List;
import picocli.CommandLine;

/// All commands of this module, for whoever builds the program.
public final class Commands {
    private Commands() {}

    /// One object per command, to be added below the program's own.
    ///
    /// @param suite what `check` runs
    /// @param control how `top` asks a broker of this machine
    public static List<Object> all(BrokerCheck suite, Control control) {
        Streams streams = Streams.standard();
        return List.of(
                new Check(suite),
                client(new Pub(streams)),
                client(new Sub(streams)),
                client(new Rr(streams)),
                client(new Tree(streams)),
                client(new Top(streams, control)),
                Bench.command(),
                new Completion());
    }

    /// A command that takes its words as mosquitto's tools do: a value may look like an option, and
    /// the last of several values counts.
    static CommandLine client(ClientCommand command) {
        return new CommandLine(command)
                .setAllowOptionsAsOptionParameters(true)
                .setOverwrittenOptionsAllowed(true)
                .setPosixClusteredShortOptionsAllowed(false)
                .setExpandAtFiles(false);
    }
}
