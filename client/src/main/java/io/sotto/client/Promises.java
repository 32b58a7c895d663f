package io.sotto.client;

import io.sotto.client.ClientSession.Outbound;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What was decided under a lock and is carried out when the lock is free: whatever depends on a
/// future runs without the lock then.
final class Promises {
    private final List<Runnable> pending = new ArrayList<>();

    void add(Runnable promise) {
        pending.add(promise);
    }

    /// Breaks the promises to the publishers of these messages.
    void fail(Collection<Outbound> messages, ClientException why) {
        for (Outbound message : messages) {
            pending.add(() -> message.outcome().completeExceptionally(why));
        }
    }

    /// All of them, in their order, and forgets them.
    List<Runnable> drain() {
        List<Runnable> drained = List.copyOf(pending);
        pending.clear();
        return drained;
    }
}
