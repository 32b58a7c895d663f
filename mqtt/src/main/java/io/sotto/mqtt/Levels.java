package io.sotto.mqtt;

/// Bytes that fall into levels at each `/`: a topic name or a topic filter.
public sealed interface Levels permits TopicName, TopicFilter {
    /// How many bytes.
    int size();

    /// The byte at an index below [#size].
    byte at(int index);

    /// A copy of some of the bytes: a level, as a rule.
    byte[] slice(int from, int to);
}
