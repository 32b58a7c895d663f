package io.sotto.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// How a broker on this machine is asked what no client of it may know.
@FunctionalInterface
public interface Control {
    /// There is none to ask.
    Control NONE =
            (folder, command) -> {
                throw new IOException("no broker can be asked here");
            };

    /// Has the broker of a data folder answer a command.
    ///
    /// @throws IOException with a sentence, when it does not
    List<String> ask(Path folder, String command) throws IOException;
}
