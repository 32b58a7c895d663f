package io.sotto.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the blocks of a PEM file (RFC 7468, and RFC 1421 for the headers of old keys); what stands
/// between them is left out.
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]+)-----\\s*\\R"
                            + "((?:[A-Za-z0-9-]+:.*\\R)*)\\s*"
                            + "([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final long LARGEST = 16L << 20;

    private Pem() {}

    /// One block.
    ///
    /// @param headers lines such as `DEK-Info: ...`, or empty
    record Block(String label, String headers, String base64) {
        byte[] bytes() {
            return Base64.getMimeDecoder().decode(base64);
        }
    }

    /// @throws IOException with the name of the file, when it is no file of blocks
    static List<Block> read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2), matcher.group(3)));
        }
        return blocks;
    }

    /// @throws IOException with the name of the file
    static byte[] bytes(Path file) throws IOException {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("'" + file + "' is a directory");
            }
            if (Files.size(file) > LARGEST) {
                throw new IOException(file + " is too large");
            }
            return Files.readAllBytes(file);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException(file + " is not there", e);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new IOException(file + " may not be read by the broker", e);
        }
    }
}
