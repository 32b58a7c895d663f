package io.sotto.broker.spi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bodies of messages that a shard wants back from the store. Handed to [MessageLog#fetch], and
/// back to the shard by [Journal#nextFound] with what was found.
public abstract class Fetch {
    private final long session;
    private final long[] numbers;
    private @Nullable Message[] found = {};

    /// @param session the number of the session that is owed them
    /// @param numbers of the messages, in the order in which they are wanted
    protected Fetch(long session, long[] numbers) {
        this.session = session;
        this.numbers = numbers.clone();
    }

    /// The number of the session that is owed them.
    public final long session() {
        return session;
    }

    /// The numbers of the messages that are wanted.
    public final long[] numbers() {
        return numbers.clone();
    }

    /// What was found, in the order of the numbers, null for a record that is damaged. Told by the
    /// store before it hands this back.
    public final void found(@Nullable Message[] messages) {
        found = messages.clone();
    }

    /// What was found, in the order of [#numbers].
    protected final @Nullable Message[] found() {
        return Arrays.copyOf(found, numbers.length);
    }

    /// Goes on with what was found, on the shard.
    public abstract void arrived(long now);
}
