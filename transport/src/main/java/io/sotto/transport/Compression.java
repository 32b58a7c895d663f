package io.sotto.transport;

/// Whether and how a listener compresses what WebSocket carries (permessage-deflate, RFC 7692).
///
/// @param allowed whether it does for clients that ask for it; setting
///   `listeners[].websocket.compression`
/// @param ratio how many times its size a message of a client may have when it is inflated, where
///   that is more than 4 KiB, 1 to 2,000; setting `listeners[].websocket.compression-ratio`
/// @param contexts for how many connections at a time the broker keeps what the last messages were,
///   so that the next ones become smaller, 0 to 1,000,000; each costs up to 312 KiB of memory
///   beside the heap; setting `listeners[].websocket.compression-contexts`
public record Compression(boolean allowed, int ratio, int contexts) {
    /// Nothing is compressed; where it is, up to 100 times, and each message for itself.
    public static final Compression NONE = new Compression(false, 100, 0);
}
