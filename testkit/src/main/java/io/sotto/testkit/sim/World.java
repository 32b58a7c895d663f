package io.sotto.testkit.sim;

import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Sender;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What all parts of one run share: time, chance, the trace, and who watches.
final class World {
    static final long START = 1_000_000;

    private final Dice dice;
    private final Trace trace;
    private final TopicNames names = new TopicNames(64, TopicLimits.NONE);
    private final List<Errand> errands = new ArrayList<>();
    private @Nullable Witness witness;
    private @Nullable SimulatedLink feeding;
    private long now = START;

    World(long seed, boolean verbose) {
        this.dice = new Dice(seed);
        this.trace = new Trace(verbose);
    }

    /// Something that happens on a shard at an uncertain time: a link arrives, an answer comes.
    record Errand(int shard, String what, Runnable task) {}

    Dice dice() {
        return dice;
    }

    Trace trace() {
        return trace;
    }

    long now() {
        return now;
    }

    void pass(long millis) {
        now += millis;
    }

    List<Errand> errands() {
        return errands;
    }

    void watch(Witness watcher) {
        witness = watcher;
    }

    Witness witness() {
        Witness watcher = witness;
        if (watcher == null) {
            throw new IllegalStateException("nobody watches");
        }
        return watcher;
    }

    void note(String who, String what, @Nullable Object detail) {
        trace.note(now, who, what, detail);
    }

    Decoder decoder(Sender sender) {
        return new Decoder(sender, DecoderLimits.DEFAULT, names);
    }

    /// The link whose bytes a shard is taking right now.
    void feeding(@Nullable SimulatedLink link) {
        feeding = link;
    }

    /// Tells the witness what was taken up to now, before it is told what came of it.
    void sync() {
        SimulatedLink link = feeding;
        if (link != null) {
            link.sync();
        }
    }

    void changed(int shard, long batch) {
        sync();
        witness().changed(shard, batch);
    }

    void opened(int shard, String clientId, long batch) {
        sync();
        witness().opened(shard, clientId, batch);
    }
}
