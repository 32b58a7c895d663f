package io.sotto.server.mosquitto;

import io.sotto.server.mosquitto.Finding.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Reads the lines of a configuration of Mosquitto and of the folders that it includes.
final class ConfReader {
    private static final int LARGEST = 16 << 20;

    private final Report report;
    private final List<Directive> directives = new ArrayList<>();

    private ConfReader(Report report) {
        this.report = report;
    }

    /// All directives, in the order in which Mosquitto meets them.
    static List<Directive> read(Path file, Report report) {
        ConfReader reader = new ConfReader(report);
        reader.file(file, true);
        return reader.directives;
    }

    private void file(Path file, boolean isMain) {
        String name = file.toString();
        report.reads(name);
        Directive all = new Directive(name, 0, "file", "");
        try {
            List<String> lines = text(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (!line.isEmpty() && line.charAt(0) != '#') {
                    directive(directive(name, i + 1, line), isMain);
                }
            }
        } catch (CharacterCodingException e) {
            report.refuse(all, "is no text in UTF-8");
        } catch (IOException e) {
            report.refuse(all, "cannot be read: " + reason(e));
        }
    }

    private static Directive directive(String file, int line, String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != '\t') {
            end++;
        }
        return new Directive(file, line, text.substring(0, end), text.substring(end).strip());
    }

    private void directive(Directive directive, boolean isMain) {
        if (!directive.name().equals("include_dir")) {
            directives.add(directive);
        } else if (isMain) {
            folder(directive);
        } else {
            report.add(
                    directive,
                    Verdict.NOT_NEEDED,
                    "Mosquitto follows include_dir in the main file alone");
        }
    }

    /// The files of a folder that end in `.conf`, by name, as Mosquitto sorts them.
    private void folder(Directive directive) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(Path.of(directive.value()), "*.conf")) {
            all.forEach(files::add);
        } catch (IOException e) {
            report.refuse(directive, "'" + directive.value() + "' is no folder that can be read");
            return;
        } catch (InvalidPathException e) {
            report.refuse(directive, "is no path: " + e.getReason());
            return;
        }
        files.sort(Comparator.comparing(Path::toString));
        report.imported(directive, files.size() + " files are read");
        files.forEach(file -> file(file, false));
    }

    private static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    Files.exists(file) ? "it is no plain file" : "there is no such file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("it is larger than 16 MiB");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException
                ? "access is denied"
                : String.valueOf(e.getMessage());
    }
}
