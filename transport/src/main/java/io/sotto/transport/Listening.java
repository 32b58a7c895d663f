package io.sotto.transport;

import java.io.IOException;

/// A socket at which connections arrive.
interface Listening {
    /// How many may wait to be accepted.
    int BACKLOG = 4096;

    /// The port, 0 where there is none.
    int port();

    /// Accepts from now on.
    ///
    /// @throws IOException in the words of the system
    void begin() throws IOException;

    /// Accepts no more; safe to be called again.
    void close();
}
