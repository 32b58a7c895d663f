package io.sotto.access;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Origin;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Whom a rule is for: those who fulfil everything that is given.
///
/// @param users one of these user names, or empty for any
/// @param clientIds one of these client ids, or empty for any
/// @param addresses within one of these blocks, or empty for anywhere
/// @param anonymous without a user name
/// @param listeners who came in at one of these listeners, or empty for any
public record Who(
        Set<String> users,
        Set<String> clientIds,
        List<AddressBlock> addresses,
        boolean anonymous,
        Set<String> listeners) {
    private static final int SAID = 5;

    public static final Who EVERYONE = new Who(Set.of(), Set.of(), List.of(), false);

    /// Those without a user name.
    public static final Who ANONYMOUS = new Who(Set.of(), Set.of(), List.of(), true);

    public Who(
            Set<String> users,
            Set<String> clientIds,
            List<AddressBlock> addresses,
            boolean anonymous) {
        this(users, clientIds, addresses, anonymous, Set.of());
    }

    public Who {
        listeners = Set.copyOf(listeners);
        users = Set.copyOf(users);
        clientIds = Set.copyOf(clientIds);
        addresses = List.copyOf(addresses);
    }

    /// Everybody with this user name.
    public static Who user(String name) {
        return new Who(Set.of(name), Set.of(), List.of(), false);
    }

    /// The same people, where they came in at one of these listeners.
    public Who at(Set<String> those) {
        return new Who(users, clientIds, addresses, anonymous, those);
    }

    /// @param ifUnknown the answer for a client that meets all but the addresses and listeners,
    ///   while it is not known where it will come from
    boolean includes(Subject subject, boolean ifUnknown) {
        String name = subject.principal().name();
        if (anonymous && !name.isEmpty()
                || !users.isEmpty() && !users.contains(name)
                || !clientIds.isEmpty() && !clientIds.contains(subject.clientId())) {
            return false;
        }
        Origin origin = subject.origin();
        boolean whichListener = listeners.isEmpty() || !origin.listener().isEmpty();
        boolean whichAddress =
                addresses.isEmpty() || !origin.address().equals(Origin.NOWHERE.address());
        if (whichListener && !listeners.isEmpty() && !listeners.contains(origin.listener())
                || whichAddress && !addresses.isEmpty() && !isWithin(origin.address())) {
            return false;
        }
        return whichListener && whichAddress || ifUnknown;
    }

    private boolean isWithin(String origin) {
        InetAddress address = AddressBlock.literal(origin);
        return address != null && addresses.stream().anyMatch(block -> block.contains(address));
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (anonymous) {
            parts.add("anonymous");
        }
        if (!users.isEmpty()) {
            parts.add("user " + some(users.stream().sorted().toList()));
        }
        if (!clientIds.isEmpty()) {
            parts.add("client id " + some(clientIds.stream().sorted().toList()));
        }
        if (!addresses.isEmpty()) {
            parts.add("address " + some(addresses.stream().map(Object::toString).toList()));
        }
        if (!listeners.isEmpty()) {
            parts.add("listener " + some(listeners.stream().sorted().toList()));
        }
        return parts.isEmpty() ? "everyone" : String.join(", ", parts);
    }

    /// The first few of many.
    private static String some(List<String> all) {
        List<String> said = new ArrayList<>(all.subList(0, Math.min(SAID, all.size())));
        if (all.size() > SAID) {
            said.add(all.size() - SAID + " more");
        }
        return String.join(" or ", said);
    }
}
