package io.sotto.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// Why a file cannot be read, in words: many exceptions hold nothing but its name.
final class FileFaults {
    private FileFaults() {}

    static String reason(Exception e) {
        return switch (e) {
            case UncheckedIOException wrapped -> reason(requireNonNull(wrapped.getCause()));
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "access is denied";
            case CharacterCodingException _ -> "it is no text in UTF-8";
            case IOException failed when failed.getMessage() != null -> failed.getMessage();
            default -> e.toString();
        };
    }
}
