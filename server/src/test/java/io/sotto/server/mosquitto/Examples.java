package io.sotto.server.mosquitto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The configurations of `src/test/mosquitto`, laid out in a folder of their own as Mosquitto would
/// find them in `/etc/mosquitto`.
public record Examples(Path folder) {
    private static final Path SOURCE = Path.of("src/test/mosquitto");

    /// The names of all, those that are refused included, in order.
    public static List<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(SOURCE)) {
            return all.filter(path -> path.toString().endsWith(".conf"))
                    .map(path -> SOURCE.relativize(path).toString())
                    .filter(path -> !path.startsWith("etc"))
                    .sorted()
                    .toList();
        }
    }

    /// Copies what they refer to.
    public static Examples in(Path folder) throws IOException {
        Examples examples = new Examples(folder);
        try (Stream<Path> all = Files.walk(SOURCE.resolve("etc"))) {
            for (Path from : all.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(SOURCE.resolve("etc").relativize(from));
                Files.createDirectories(to.getParent());
                if (from.toString().endsWith(".conf")) {
                    Files.writeString(to, examples.moved(Files.readString(from)));
                } else {
                    Files.copy(from, to);
                }
            }
        }
        return examples;
    }

    /// The text of one, which refers to this folder.
    public String text(String name) throws IOException {
        return moved(Files.readString(SOURCE.resolve(name)));
    }

    /// The same in a file of this folder.
    public Path file(String name) throws IOException {
        Path file = folder.resolve(name.replace('/', '-').replace(".conf", ".main"));
        return Files.writeString(file, text(name));
    }

    private String moved(String text) {
        return text.replace("/etc/mosquitto", folder.toString());
    }
}
