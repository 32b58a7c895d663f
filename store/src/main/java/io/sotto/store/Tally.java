package io.sotto.store;

import io.sotto.broker.spi.Durability;
import org.jspecify.annotations.Nullable;

/// What one shard has told: how many changes, which of its batches somebody waits for, and how
/// urgent the one is that it gathers now.
final class Tally {
    private final Durability usual;
    private Durability next;
    private long changes;
    private long committed;

    /// The last batch that somebody waits for.
    private long awaited;

    private boolean holdsAny;

    /// Whether other shards may tell what becomes of what was told.
    private boolean isFollowed;

    /// Whether it was looked at before what is held, and with which beat.
    private boolean hasWaited;

    private int since;
    private boolean isStrict;
    private boolean isAwaited;

    /// @param usual how surely changes are kept of which nothing else is said
    Tally(Durability usual) {
        this.usual = usual;
        this.next = usual;
    }

    /// How surely that is kept of which this is said.
    Durability of(@Nullable Durability durability) {
        return durability == null ? usual : durability;
    }

    /// How surely the next change is kept.
    void keeping(@Nullable Durability durability) {
        next = of(durability);
    }

    boolean isAsync() {
        return next == Durability.ASYNC;
    }

    /// A change is told of that somebody may wait for, as surely as it is to be kept: its batch is
    /// synced if any of it is to be.
    void asked() {
        isAwaited = true;
        askedLater();
    }

    /// A change is told of that counts as durable at once, but where it is to be synced.
    void askedLater() {
        if (next == Durability.SYNC) {
            isStrict = true;
            isAwaited = true;
        }
        next = usual;
    }

    /// Gives numbers above those of the last run to what is sent from now on.
    void above(long order) {
        changes = Math.max(changes, order + 1);
    }

    long changes() {
        return changes;
    }

    /// A change that need not be handed over yet.
    ///
    /// @return how many there are now
    long count() {
        return ++changes;
    }

    /// A change that is to be handed over.
    void changed() {
        holdsAny = true;
        changes++;
    }

    /// Something is to be handed over.
    void hold() {
        holdsAny = true;
    }

    /// Whether anything is to be handed over.
    boolean holdsAny() {
        return holdsAny;
    }

    /// Other shards may tell what becomes of what is told.
    void follow() {
        isFollowed = true;
    }

    /// Whether what is to be handed over may wait until the next beat, as far as others go.
    ///
    /// @param beat of the store, the present one
    boolean mayWait(int beat) {
        if (!hasWaited) {
            hasWaited = true;
            since = beat;
        }
        return !isAwaited && !isFollowed && since == beat;
    }

    /// The batch that holds what was told so far, if anybody waits for it, or else the last one.
    long batch() {
        return isAwaited ? committed + 1 : committed;
    }

    /// The number of the last batch that was handed over.
    long committed() {
        return committed;
    }

    /// Hands the batch over and begins another.
    ///
    /// @return what is waited for of it
    Batch.Urgency handOver() {
        committed++;
        Batch.Urgency urgency =
                isStrict
                        ? Batch.Urgency.SYNCED
                        : isAwaited ? Batch.Urgency.WRITTEN : Batch.Urgency.NONE;
        if (urgency != Batch.Urgency.NONE) {
            awaited = committed;
        }
        holdsAny = false;
        hasWaited = false;
        isFollowed = false;
        isStrict = false;
        isAwaited = false;
        return urgency;
    }

    /// Up to which batch all is durable: all that was handed over, once what is waited for of it is
    /// written.
    ///
    /// @param reached the last batch that was written
    long durable(long reached) {
        return reached >= awaited ? committed : reached;
    }
}
