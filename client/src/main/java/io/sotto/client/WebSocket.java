package io.sotto.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// MQTT in the binary frames of a WebSocket (RFC 6455) [MQTT-6.0.0-1], over any other transport:
/// the packets are one stream of bytes, whatever the frames make of it [MQTT-6.0.0-2].
final class WebSocket implements Transport {
    static final String LATE = "the server does not answer as a WebSocket in time";

    private final Transport below;
    private final WebSocketInput input;
    private final WebSocketOutput output;

    private WebSocket(Transport below, WebSocketInput input, WebSocketOutput output) {
        this.below = below;
        this.input = input;
        this.output = output;
    }

    /// A WebSocket on a transport that nothing was said on yet. The transport is closed when the
    /// server does not agree within the time.
    static WebSocket open(Transport below, WebSocketHandshake handshake, Duration timeout)
            throws IOException {
        Patience.bound(
                below, timeout, LATE, () -> handshake.perform(below.input(), below.output()));
        WebSocketOutput output = new WebSocketOutput(below.output());
        return new WebSocket(below, new WebSocketInput(below.input(), output), output);
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    /// Says Close; the server answers with its own and ends the connection.
    @Override
    public void finish() throws IOException {
        output.close(WebSocketOutput.NORMAL);
    }

    @Override
    public void close() throws IOException {
        below.close();
    }
}
