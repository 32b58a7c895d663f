package io.sotto.cli;

import java.util.List;

/// All commands of this module, for whoever builds the program.
public final class Commands {
    private Commands() {}

    /// One object per command, to be added below the program's own.
    ///
    /// @param suite what `check` runs
    public static List<Object> all(BrokerCheck suite) {
        return List.of(new Check(suite));
    }
}
