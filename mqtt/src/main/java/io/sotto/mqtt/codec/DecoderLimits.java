package io.sotto.mqtt.codec;

import io.sotto.mqtt.TopicLimits;

/// What one packet may cost its receiver.
///
/// @param connectSize bytes of the whole first packet, before anybody is known; setting
///   `limits.connect-size`
/// @param packetSize bytes of any later packet; setting `limits.packet-size`
/// @param userProperties how many user properties a set of properties holds at most; setting
///   `limits.user-properties`
/// @param filters how many filters a SUBSCRIBE or UNSUBSCRIBE holds at most; setting
///   `limits.filters-per-packet`
/// @param topics what is accepted as a will topic
public record DecoderLimits(
        int connectSize, int packetSize, int userProperties, int filters, TopicLimits topics) {
    /// 64 KiB for CONNECT, 1 MiB afterwards, 1,000 user properties, 10,000 filters.
    public static final DecoderLimits DEFAULT =
            new DecoderLimits(64 * 1024, 1024 * 1024, 1_000, 10_000, TopicLimits.DEFAULT);
}
