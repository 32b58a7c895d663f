package io.sotto.mqtt;

/// What this side accepts as a topic name or filter beyond the rules of the standard.
///
/// @param maximumBytes 1 to 65,535; setting `limits.topic-bytes`
/// @param maximumLevels 1 to 65,535; setting `limits.topic-levels`
/// @param controlCharacters whether control characters and non-characters may occur; setting
///   `limits.control-characters`
public record TopicLimits(int maximumBytes, int maximumLevels, boolean controlCharacters) {
    /// 65,535 bytes, 128 levels, no control characters.
    public static final TopicLimits DEFAULT = new TopicLimits(65_535, 128, false);

    /// All that the standard allows.
    public static final TopicLimits NONE = new TopicLimits(65_535, 65_535, true);
}
