package io.sotto.transport;

import io.sotto.transport.Endpoint.UnixSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The file of a socket that is being made: born in a directory that nobody else may enter, given
/// its mode there, and moved into place only then, so that there is no moment in which the wrong
/// people may connect.
final class SocketFile implements AutoCloseable {
    /// What a path may have, on Linux; others have less, and then say so.
    private static final int LONGEST = 107;

    private final UnixSocket place;
    private final Path directory;
    private final Path birthplace;
    private @Nullable Object key;

    private SocketFile(UnixSocket place, Path directory) {
        this.place = place;
        this.directory = directory;
        this.birthplace = directory.resolve("s");
    }

    /// @throws IOException with a sentence
    static SocketFile begin(UnixSocket place) throws IOException {
        Path path = place.path().toAbsolutePath();
        Path parent = path.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new IOException("its directory is not there");
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            refuseUnlessLeft(path);
        }
        String name = ".sotto-" + UUID.randomUUID().toString().substring(0, 8);
        Path directory = parent.resolve(name);
        if (Math.max(path.toString().length(), directory.resolve("s").toString().length())
                > LONGEST) {
            throw new IOException("the path is too long for a socket");
        }
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
        return new SocketFile(place, directory);
    }

    /// What is there may be replaced if it is a socket to which nobody listens any more.
    private static void refuseUnlessLeft(Path path) throws IOException {
        BasicFileAttributes there =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!there.isOther()) {
            throw new IOException("something else is there that is no socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return;
        }
        throw new IOException("another program has that socket");
    }

    /// Where to bind.
    Path birthplace() {
        return birthplace;
    }

    /// The socket is bound: it gets its mode and its place.
    void settle() throws IOException {
        Files.setPosixFilePermissions(birthplace, permissions(place.mode()));
        Files.move(birthplace, place.path(), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(directory);
        key = Files.readAttributes(place.path(), BasicFileAttributes.class).fileKey();
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & 0400 >> bit) != 0) {
                set.add(all[bit]);
            }
        }
        return set;
    }

    /// Removes what is there, unless it is of somebody else by now.
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(birthplace);
        Files.deleteIfExists(directory);
        Path path = place.path();
        if (key != null
                && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && key.equals(Files.readAttributes(path, BasicFileAttributes.class).fileKey())) {
            Files.delete(path);
        }
    }
}
