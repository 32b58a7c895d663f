package io.sotto.broker.spi;

import io.sotto.mqtt.ProtocolVersion;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a listener asks of its clients, beside who they are.
///
/// @param versions which protocol versions are served there; setting `listeners[].versions`
/// @param clientIds whose choice client ids are; setting `listeners[].client-id`
/// @param idPrefix what the ids begin with that the broker gives; setting
///   `listeners[].assigned-id-prefix`
/// @param mountPoint where the topics of its clients are among all; setting
///   `listeners[].mount-point`
/// @param beginnings what client ids begin with, one of these, or empty for no such bound; setting
///   `listeners[].client-id-prefixes`
public record Terms(
        Set<ProtocolVersion> versions,
        ClientIds clientIds,
        String idPrefix,
        MountPoint mountPoint,
        List<String> beginnings) {
    public static final Terms DEFAULT =
            new Terms(
                    EnumSet.allOf(ProtocolVersion.class),
                    ClientIds.OWN,
                    "auto-",
                    MountPoint.NONE,
                    List.of());

    public Terms {
        versions = Set.copyOf(versions);
        beginnings = List.copyOf(beginnings);
    }

    /// Whether a client may have this id here.
    public boolean admits(String clientId) {
        return beginnings.isEmpty() || beginnings.stream().anyMatch(clientId::startsWith);
    }

    /// Whose choice client ids are.
    public enum ClientIds {
        /// The client's, or the broker's where that is empty.
        OWN,
        /// Nobody's: the user name is the client id, so that each user has one session, and nobody
        /// takes that of another.
        USER_NAME
    }
}
