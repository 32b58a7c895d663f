package io.sotto.access;

import io.sotto.broker.spi.Authenticator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The ways to log in at each listener, in their order: the first that what a client gave is meant
/// for judges it, and no other is asked.
///
/// A client whose certificate has shown who it is, one that gives nothing, and one that no way is
/// for are left to the last of the listener, which refuses alike whoever is not known.
public final class Chain implements Authenticator {
    private final Map<String, Door> doors;
    private final Authenticator elsewhere;

    /// How clients log in at one listener.
    ///
    /// @param last judges what no way takes
    public record Door(List<Way> ways, Authenticator last) {
        public Door {
            ways = List.copyOf(ways);
        }
    }

    /// @param doors by the names of the listeners
    /// @param elsewhere judges what comes in at any other listener
    public Chain(Map<String, Door> doors, Authenticator elsewhere) {
        this.doors = Map.copyOf(doors);
        this.elsewhere = elsewhere;
    }

    @Override
    public void authenticate(Login login, Consumer<Outcome> answer) {
        judge(login).authenticate(login, answer);
    }

    private Authenticator judge(Login login) {
        Door door = doors.get(login.origin().listener());
        if (door == null) {
            return elsewhere;
        }
        if (login.method() == null && UserList.isCertified(login)) {
            return door.last;
        }
        for (Way way : door.ways) {
            if (way.takes(login)) {
                return way;
            }
        }
        return door.last;
    }
}
