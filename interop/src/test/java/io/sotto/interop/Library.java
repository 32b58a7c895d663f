package io.sotto.interop;

/// A foreign client library in one version of the protocol: where the clients of a test come from.
interface Library extends AutoCloseable {
    /// A client, not yet connected.
    Client client();

    /// A client with a process of its own, connected and subscribed to nothing, that can be killed.
    Mortal mortal(Login login);

    /// Ends whatever the library still holds.
    @Override
    void close();

    /// Something that SIGKILL ends.
    interface Mortal extends AutoCloseable {
        void kill();

        @Override
        void close();
    }
}
