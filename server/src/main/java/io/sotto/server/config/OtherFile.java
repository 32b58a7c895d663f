package io.sotto.server.config;

import io.sotto.access.MosquittoRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of text that a configuration names, such as one of Mosquitto's.
final class OtherFile {
    private static final int LARGEST = 64 << 20;

    private OtherFile() {}

    /// Where a file is; null when the text cannot be a path, which is then among the faults.
    ///
    /// @param key the setting that names it
    static @Nullable Path path(Settings settings, String key, String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            settings.fault(settings.lineOf(key), key, "is no path: " + e.getReason());
            return null;
        }
    }

    /// What is in it; null when it cannot be read, which is then among the faults.
    ///
    /// @param key the setting that names it
    static @Nullable String read(Settings settings, String key, String file) {
        byte[] content = bytes(settings, key, file);
        try {
            return content == null
                    ? null
                    : StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(content))
                            .toString();
        } catch (CharacterCodingException e) {
            settings.faults().add(new Fault(file, 0, "is no text in UTF-8"));
            return null;
        }
    }

    /// The same for a file that need not be text.
    static byte @Nullable [] bytes(Settings settings, String key, String file) {
        Path path = path(settings, key, file);
        try {
            return path == null ? null : content(path);
        } catch (IOException e) {
            settings.fault(
                    settings.lineOf(key), key, "'" + file + "' cannot be read: " + e.getMessage());
            return null;
        }
    }

    /// Who hears what is wrong with its lines.
    static MosquittoRules.Faults faults(Settings settings, String file) {
        return (line, sentence) -> settings.faults().add(new Fault(file, line, sentence));
    }

    private static byte[] content(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    Files.exists(file) ? "it is no plain file" : "there is no such file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("it is larger than 64 MiB");
            }
            return bytes;
        }
    }
}
