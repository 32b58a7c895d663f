package io.sotto.broker;

import io.sotto.broker.time.Timer;

/// The one timer of a connection: first for the login as a whole, then for keep alive. A packet
/// costs it nothing: when it fires, it looks at the time of the last one.
final class Deadline extends Timer {
    private final Connection connection;
    private final long login;
    private long keepAlive;

    /// @param login when the login is to be complete
    Deadline(Connection connection, long login) {
        this.connection = connection;
        this.login = login;
    }

    /// Waits for the login, in the shard where the connection is now.
    void awaitLogin() {
        connection.shard().wheel().set(this, login);
    }

    /// The login is complete.
    ///
    /// @param millis how long the client may be silent from now on, 0 for ever
    void keepAlive(long millis, long now) {
        keepAlive = millis;
        cancel();
        if (millis > 0) {
            connection.shard().wheel().set(this, now + millis);
        }
    }

    @Override
    protected void expired(long now) {
        long again = connection.overdue(keepAlive, now);
        if (again > 0) {
            connection.shard().wheel().set(this, again);
        }
    }
}
