package io.sotto.broker.time;

import java.util.function.Consumer;

/// The timers of one shard: setting and cancelling cost a few pointer writes, however many there
/// are.
///
/// Time falls into ticks of [#TICK] ms; a timer waits in the slot of its tick and fires in the
/// first call of [#advance] at or after its deadline. One that is more than a turn of the wheel
/// away is passed over until its turn has come. Timers of one slot fire in the order in which they
/// were set. One that throws costs itself only: the others fire.
public final class TimerWheel {
    /// The length of a tick in milliseconds.
    public static final int TICK = 64;

    private static final int SLOTS = 512;

    private final Head[] slots = new Head[SLOTS];
    private final Consumer<Throwable> faults;
    private long tick;

    /// @param now the time at which the wheel begins, in milliseconds
    /// @param faults is told what a timer threw
    public TimerWheel(long now, Consumer<Throwable> faults) {
        this.faults = faults;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Head();
        }
        tick = now / TICK;
    }

    /// Sets a timer, also one that is already set.
    ///
    /// @param deadline in milliseconds; a time that has passed fires at the next [#advance]
    public void set(Timer timer, long deadline) {
        timer.cancel();
        timer.deadline = deadline;
        slots[(int) (Math.max(deadline / TICK, tick) % SLOTS)].append(timer);
    }

    /// Fires all timers whose deadline has come.
    public void advance(long now) {
        long target = Math.max(now / TICK, tick);
        long first = Math.max(tick, target - SLOTS + 1);
        for (long at = first; at <= target; at++) {
            tick = at;
            fire(slots[(int) (at % SLOTS)], now);
        }
    }

    /// Moves what is due to a list of its own first: a timer that fires may set and cancel others.
    private void fire(Head slot, long now) {
        if (slot.first() == slot) {
            return;
        }
        Head due = new Head();
        for (Timer timer = slot.first(); timer != slot; ) {
            Timer following = timer.next == null ? slot : timer.next;
            if (timer.deadline <= now) {
                timer.cancel();
                due.append(timer);
            }
            timer = following;
        }
        for (Timer timer = due.first(); timer != due; timer = due.first()) {
            timer.cancel();
            expire(timer, now);
        }
    }

    private void expire(Timer timer, long now) {
        try {
            timer.expired(now);
        } catch (RuntimeException | AssertionError e) {
            faults.accept(e);
        }
    }

    /// The ring's own link: first and last of a slot.
    private static final class Head extends Timer {
        Head() {
            previous = this;
            next = this;
        }

        Timer first() {
            return next == null ? this : next;
        }

        void append(Timer timer) {
            Timer last = previous == null ? this : previous;
            timer.previous = last;
            timer.next = this;
            last.next = timer;
            previous = timer;
        }

        @Override
        protected void expired(long now) {
            throw new AssertionError("the head of a slot never fires");
        }
    }
}
