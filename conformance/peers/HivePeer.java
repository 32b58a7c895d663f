import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.embedded.EmbeddedHiveMQ;
import java.nio.file.Path;

/// HiveMQ's community edition as a peer: an embedded broker that lets anonymous clients in, with the
/// folder of its configuration as the argument. Run by `conformance/compare`,
/// `bench/compare` and `bench/footprint`.
final class HivePeer {
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(false);
        EmbeddedHiveMQ.builder()
                .withConfigurationFolder(folder.resolve("conf"))
                .withDataFolder(folder.resolve("data"))
                .withExtensionsFolder(folder.resolve("extensions"))
                .build()
                .start()
                .join();
    }
}
