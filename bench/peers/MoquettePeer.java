import io.moquette.broker.Server;
import io.moquette.broker.config.MemoryConfig;
import java.util.Properties;

/// Moquette as a peer: an embedded broker that lets anonymous clients in and keeps everything in
/// memory. The arguments: a port and a folder. Run by `bench/compare` and
/// `bench/footprint`.
final class MoquettePeer {
    public static void main(String[] arguments) throws Exception {
        Properties settings = new Properties();
        settings.setProperty("host", "127.0.0.1");
        settings.setProperty("port", arguments[0]);
        settings.setProperty("allow_anonymous", "true");
        settings.setProperty("persistence_enabled", "false");
        settings.setProperty("data_path", arguments[1]);
        settings.setProperty("telemetry_enabled", "false");
        new Server().startServer(new MemoryConfig(settings));
        Thread.currentThread().join();
    }
}
