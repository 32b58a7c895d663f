package io.sotto.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A terminal's other screen, on which one picture takes the place of the last. What stood on the
/// terminal before is back when this is closed, also by a signal.
final class Screen implements AutoCloseable {
    private static final String OPEN = "\u001b[?1049h\u001b[?25l";
    private static final String CLOSE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private final OutputStream out;
    private final Thread onSignal = new Thread(this::leave, "screen");

    Screen(OutputStream out) throws IOException {
        this.out = out;
        Runtime.getRuntime().addShutdownHook(onSignal);
        write(OPEN);
    }

    void show(List<String> lines) throws IOException {
        StringBuilder picture = new StringBuilder(HOME);
        picture.append(String.join(REST_OF_LINE + "\r\n", lines));
        write(picture.append(REST_OF_LINE).append(REST_OF_SCREEN).toString());
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void leave() {
        try {
            write(CLOSE);
        } catch (IOException e) {
            // Then there is no terminal any more.
        }
    }

    @Override
    public void close() {
        leave();
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // It is at work.
        }
    }
}
