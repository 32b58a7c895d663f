package io.sotto.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the operating system says of itself and of its processes. Where it says nothing, as beyond
/// Linux, nothing is claimed.
///
/// @param proc where that stands: `/proc`
public record Host(Path proc) {
    private static final Pattern OPEN_FILES =
            Pattern.compile("Max open files\\s+(\\d+)\\s+(\\S+).*");
    private static final Pattern LOCK =
            Pattern.compile("\\d+: POSIX\\s+\\S+\\s+WRITE\\s+(\\d+)\\s+\\S+:(\\d+)\\s.*");
    private static final Pattern SERVING = Pattern.compile("sotto\\.jar serve\\b");
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /// This machine.
    public static Host here() {
        return new Host(Path.of("/proc"));
    }

    /// A process that holds something.
    ///
    /// @param name of its program; not its arguments, which may hold a password
    /// @param isSotto whether it is a broker of this make
    public record Holder(long pid, String name, boolean isSotto) {
        @Override
        public String toString() {
            return "process " + pid + (name.isEmpty() ? "" : " (" + name + ")");
        }
    }

    /// How many files and sockets this process may open, which is what a broker from this shell
    /// may.
    Optional<Long> openFiles() {
        for (String line : lines("self/limits")) {
            Matcher limit = OPEN_FILES.matcher(line);
            if (limit.matches()) {
                return Optional.of(Long.parseLong(limit.group(1)));
            }
        }
        return Optional.empty();
    }

    /// How many connections may wait to be accepted.
    Optional<Long> backlog() {
        return lines("sys/net/core/somaxconn").stream().findFirst().map(Long::parseLong);
    }

    /// Who listens on a port, where this user may see it.
    Optional<Holder> listener(int port) {
        String suffix = ":%04X".formatted(port);
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String line : lines(table)) {
                String[] fields = line.trim().split("\\s+", -1);
                if (fields.length > INODE
                        && fields[LOCAL_ADDRESS].endsWith(suffix)
                        && fields[STATE].equals(LISTENING)) {
                    Optional<Holder> holder = holderOf("socket:[" + fields[INODE] + "]");
                    if (holder.isPresent()) {
                        return holder;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Holder> holderOf(String target) {
        try (Stream<Path> processes = Files.list(proc)) {
            return processes
                    .filter(each -> each.getFileName().toString().matches("\\d+"))
                    .filter(each -> hasOpen(each.resolve("fd"), target))
                    .findFirst()
                    .map(each -> holder(Long.parseLong(each.getFileName().toString())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean hasOpen(Path descriptors, String target) {
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.anyMatch(each -> target.equals(linkOf(each)));
        } catch (IOException e) {
            // Another user's, or gone meanwhile.
            return false;
        }
    }

    private static @Nullable String linkOf(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return null;
        }
    }

    private Holder holder(long pid) {
        String name = String.join(" ", lines(pid + "/comm")).replaceAll("\\p{Cntrl}", "?");
        String command = String.join(" ", lines(pid + "/cmdline")).replace('\0', ' ');
        return new Holder(pid, name, SERVING.matcher(command).find());
    }

    /// Who has locked a file for writing, where the system says so.
    Optional<Holder> locker(Path file) {
        Object inode;
        try {
            inode = Files.getAttribute(file, "unix:ino");
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
        for (String line : lines("locks")) {
            Matcher lock = LOCK.matcher(line);
            if (lock.matches() && lock.group(2).equals(String.valueOf(inode))) {
                return Optional.of(holder(Long.parseLong(lock.group(1))));
            }
        }
        return Optional.empty();
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(proc.resolve(file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
