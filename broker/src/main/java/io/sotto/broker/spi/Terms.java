package io.sotto.broker.spi;

import io.sotto.mqtt.ProtocolVersion;
import java.util.EnumSet;
import java.util.Set;

/// What a listener asks of its clients, beside who they are.
///
/// @param versions which protocol versions are served there; setting `listeners[].versions`
/// @param clientIds whose choice client ids are; setting `listeners[].client-id`
/// @param idPrefix what the ids begin with that the broker gives; setting
///   `listeners[].assigned-id-prefix`
/// @param mountPoint where the topics of its clients are among all; setting
///   `listeners[].mount-point`
public record Terms(
        Set<ProtocolVersion> versions,
        ClientIds clientIds,
        String idPrefix,
        MountPoint mountPoint) {
    public static final Terms DEFAULT =
            new Terms(
                    EnumSet.allOf(ProtocolVersion.class), ClientIds.OWN, "auto-", MountPoint.NONE);

    public Terms {
        versions = Set.copyOf(versions);
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
