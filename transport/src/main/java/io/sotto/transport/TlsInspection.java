package io.sotto.transport;

import io.sotto.transport.TlsSettings.Pair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A look at the files of TLS without a listener: whether they can be used, and until when.
public final class TlsInspection {
    private TlsInspection() {}

    /// Something that ends by itself.
    ///
    /// @param what in words, with the name of its file
    /// @param isRevocation whether it is a revocation list, which lets nobody in when it is out of
    ///   date
    public record Ending(String what, Instant at, boolean isRevocation) {}

    /// Reads the files as a listener does.
    ///
    /// @throws IOException with a sentence that has the name of the file at fault
    public static List<Ending> read(TlsSettings settings) throws IOException {
        TlsContexts contexts = TlsContexts.read(settings);
        try {
            return contexts.expiries().stream()
                    .map(each -> new Ending(each.what(), each.at(), each.isRevocation()))
                    .toList();
        } finally {
            contexts.release();
        }
    }

    /// The files that nobody else may read.
    public static List<Path> secrets(TlsSettings settings) {
        List<Path> files = new ArrayList<>();
        for (Pair pair : settings.certificates()) {
            files.add(pair.key());
            if (pair.passphrase() != null) {
                files.add(pair.passphrase());
            }
        }
        return files;
    }
}
