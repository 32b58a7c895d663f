package io.sotto.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Makes files that are for their owner alone, from their first moment on, and never in the place
/// of others.
final class PrivateFiles {
    private PrivateFiles() {}

    /// A folder, if it is not there yet.
    static void folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, permissions("rwx------"));
        }
    }

    /// @throws FileAlreadyExistsException when it is there already
    static void write(Path file, byte[] content) throws IOException {
        Set<StandardOpenOption> fresh =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, fresh, permissions("rw-------"))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /// What went wrong, in words.
    static String reason(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException there ->
                    there.getFile() + " is there already, and is never overwritten";
            case java.nio.file.AccessDeniedException denied ->
                    denied.getFile() + ": access is denied";
            case java.nio.file.NoSuchFileException missing ->
                    missing.getFile() + ": there is no such file";
            case CharacterCodingException _ -> "it is no text in UTF-8";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static FileAttribute<?>[] permissions(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
