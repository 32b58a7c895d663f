package io.sotto.server.doctor;

import io.sotto.server.config.ListenerConfig;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Endpoint.UnixSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether each listener's place is free, and who has it if it is not.
final class PortChecks {
    private static final String AREA = "port";
    private static final int PRIVILEGED = 1024;

    private PortChecks() {}

    static void run(List<ListenerConfig> listeners, Host host, List<Finding> findings) {
        for (ListenerConfig listener : listeners) {
            findings.add(
                    switch (listener.endpoint()) {
                        case Port port -> port(port, host);
                        case UnixSocket socket -> socket(socket.path());
                    });
        }
    }

    private static Finding port(Port port, Host host) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(port.host()), port.port()));
            return Finding.ok(AREA, port + " is free");
        } catch (UnknownHostException e) {
            return Finding.problem(
                    AREA,
                    "the name " + port.host() + " is not known",
                    "write an address of this machine as the listener's host");
        } catch (BindException e) {
            return taken(port, host, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Finding.problem(
                    AREA, port + " cannot be opened: " + e.getMessage(), "choose another port");
        }
    }

    private static Finding taken(Port port, Host host, String words) {
        if (words.contains("Cannot assign")) {
            return Finding.problem(
                    AREA,
                    port.host() + " is no address of this machine",
                    "write one that `ip address` shows as the listener's host, or 0.0.0.0 for all");
        }
        if (words.contains("Permission denied")) {
            return Finding.problem(
                    AREA,
                    port + " is below " + PRIVILEGED + ", and this user may not open it",
                    "choose a port from 1024 on, or AmbientCapabilities=CAP_NET_BIND_SERVICE in the"
                            + " unit of systemd");
        }
        Optional<Host.Holder> holder = host.listener(port.port());
        if (holder.isEmpty()) {
            return Finding.problem(
                    AREA,
                    port + " is held by a process that this user may not see",
                    "sudo ss -ltnp 'sport = :%d' says which".formatted(port.port()));
        }
        Host.Holder who = holder.get();
        return who.isSotto()
                ? Finding.ok(AREA, port + " is held by a Sotto that runs, " + who)
                : Finding.problem(
                        AREA,
                        port + " is held by " + who,
                        "stop it (kill %d), or choose another port: ./sotto serve --port N"
                                .formatted(who.pid()));
    }

    private static Finding socket(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return Finding.problem(
                    AREA, "there is no folder for the socket " + path, "mkdir -p " + folder);
        }
        if (!Files.isWritable(folder)) {
            return Finding.problem(
                    AREA,
                    "this user may make no socket in " + folder,
                    "run the broker as the owner of " + folder + ", or choose another path");
        }
        @Nullable BasicFileAttributes there;
        try {
            there =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return Finding.ok(AREA, path + " is free");
        }
        if (!there.isOther()) {
            return Finding.problem(
                    AREA, path + " is there and no socket", "move it away, or choose another path");
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
            return Finding.warning(
                    AREA,
                    path + " is in use: somebody accepts connections there",
                    "if that is no Sotto, choose another path");
        } catch (IOException e) {
            return Finding.ok(AREA, path + " was left of a broker that is gone; it is replaced");
        }
    }
}
