package io.sotto.server;

import io.sotto.access.PasswordFile;
import io.sotto.access.PasswordHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A password file that is changed line by line, so that comments and the order stay.
///
/// A change is written beside the file, with mode 0600 and the owner of the file, and takes its
/// place when it is on the disk: whoever reads meets the whole of the old one or of the new one.
/// The file beside is also what keeps two changes apart.
final class PasswordStore {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path shown;
    private final Path file;
    private final List<String> lines;
    private final Map<String, PasswordHash> users;

    private PasswordStore(
            Path shown, Path file, List<String> lines, Map<String, PasswordHash> users) {
        this.shown = shown;
        this.file = file;
        this.lines = lines;
        this.users = users;
    }

    /// A file that is not used, with what is wrong about it.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String sentences) {
            super(sentences);
        }
    }

    /// Reads a file; one that is not there is empty.
    static PasswordStore read(Path shown) throws Refused {
        String text = "";
        Path file = shown.toAbsolutePath();
        try {
            file = shown.toRealPath(); // what a link stands for is changed, and the link stays
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            // Made by the first change.
        } catch (CharacterCodingException e) {
            throw new Refused(shown + ": is no text in UTF-8");
        } catch (IOException e) {
            throw new Refused(shown + ": cannot be read: " + PrivateFiles.reason(e));
        }
        List<String> faults = new ArrayList<>();
        Map<String, PasswordHash> users =
                PasswordFile.read(
                        text, (line, sentence) -> faults.add(shown + ":" + line + ": " + sentence));
        if (!faults.isEmpty()) {
            throw new Refused(String.join("\n", faults));
        }
        return new PasswordStore(shown, file, new ArrayList<>(text.lines().toList()), users);
    }

    /// The hashes by user name, in the order of the file.
    Map<String, PasswordHash> users() {
        return users;
    }

    /// Why a name cannot stand in such a file, or null.
    static @Nullable String problem(String name) {
        if (name.isEmpty() || !name.equals(name.strip()) || name.charAt(0) == '#') {
            return "is empty, begins with # or has a blank at an end";
        }
        return name.indexOf(':') >= 0 || name.chars().anyMatch(Character::isISOControl)
                ? "has a colon or a control character"
                : null;
    }

    /// Gives a user a password, in the place of the one before.
    void put(String name, PasswordHash hash) throws IOException, Refused {
        String line = name + ":" + hash;
        int at = indexOf(name);
        if (at < 0) {
            lines.add(line);
        } else {
            lines.set(at, line);
        }
        write();
    }

    void remove(String name) throws IOException, Refused {
        lines.remove(indexOf(name));
        write();
    }

    private int indexOf(String name) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int colon = line.indexOf(':');
            boolean isUser = colon > 0 && line.charAt(0) != '#';
            if (isUser && line.substring(0, colon).strip().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private void write() throws IOException, Refused {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        beside,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        OWNER_ONLY)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (NoSuchFileException e) {
            throw new Refused(shown + ": there is no folder to make it in");
        } catch (FileAlreadyExistsException e) {
            throw new Refused(
                    shown
                            + ": another change is under way; if none is, one ended half-way:"
                            + " remove "
                            + beside);
        }
        try {
            if (Files.exists(file) && !Files.getOwner(file).equals(Files.getOwner(beside))) {
                // Or the broker could not read it any more.
                Files.setOwner(beside, Files.getOwner(file));
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
