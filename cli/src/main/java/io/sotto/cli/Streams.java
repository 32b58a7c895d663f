package io.sotto.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;

/// Where bytes come from and go to, as they are: payloads are no text.
record Streams(InputStream in, OutputStream out) {
    /// Those of the process.
    static Streams standard() {
        return new Streams(
                new FileInputStream(FileDescriptor.in),
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    }
}
