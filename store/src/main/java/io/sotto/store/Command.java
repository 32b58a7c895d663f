package io.sotto.store;

/// The kinds of changes in a batch, by the byte that each begins with.
final class Command {
    /// A message with one copy: | message (8) | session (8) | length (4) | length of copy (4) |
    /// copy | body |; from the first length on as it stands in a [Page]
    static final byte QUEUED = 1;

    /// | message (8) | session (8) | packet identifier (2) | order (8) |
    static final byte SENT = 2;

    /// | message (8) | session (8) | packet identifier (2) | order (8) |
    static final byte PUBREC = 3;

    /// | session (8) | packet identifier (2) |
    static final byte COMPLETED = 4;

    /// | message (8) | session (8) | packet identifier (2) |
    static final byte SETTLED = 5;

    /// | message (8) | session (8) |
    static final byte DROPPED = 6;

    /// | space (1) | length (4) | key | length (4) | value |
    static final byte PUT = 7;

    /// | space (1) | length (4) | key |
    static final byte DELETE = 8;

    /// A message with several copies: | message (8) | count (4) | length of copies (4) | copies:
    /// session (8), length (4), copy | length (4) | body |
    static final byte QUEUED_FOR_SEVERAL = 9;

    private Command() {}
}
