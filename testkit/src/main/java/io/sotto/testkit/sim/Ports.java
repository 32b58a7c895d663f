package io.sotto.testkit.sim;

import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DecisionRecorder;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// The broker's ports in one run: slow disks, a slow authenticator, and ears for the witness.
final class Ports {
    private final World world;
    private final IntFunction<Journal> journals;
    private final boolean[] awake;

    Ports(World world, int shards, IntFunction<Journal> journals) {
        this.world = world;
        this.awake = new boolean[shards];
        this.journals = journals;
    }

    Runnable wake(int shard) {
        return () -> awake[shard] = true;
    }

    /// Whether a shard was woken and has not looked yet.
    boolean isAwake(int shard) {
        return awake[shard];
    }

    void asleep(int shard) {
        awake[shard] = false;
    }

    io.sotto.broker.spi.Ports ofBroker() {
        return new io.sotto.broker.spi.Ports(
                this::authenticate,
                new Ear(),
                journals,
                shard -> new Recorder(),
                this::event,
                world.dice()::next,
                Peers.NONE);
    }

    private void authenticate(Authenticator.Login login, Consumer<Authenticator.Outcome> answer) {
        Runnable yes = () -> answer.accept(new Authenticator.Accepted(Principal.ANONYMOUS, null));
        if (world.dice().chance(50)) {
            yes.run();
        } else {
            int shard = world.dice().below(awake.length);
            world.errands()
                    .add(
                            new World.Errand(
                                    shard, "login of " + login.clientId() + " answered", yes));
        }
    }

    private void event(EventLog.Severity severity, String sentence) {
        world.note("broker", severity.name(), sentence);
        if (severity == EventLog.Severity.ERROR) {
            throw new Violation("internal error", sentence);
        }
    }

    private final class Recorder implements DecisionRecorder {
        @Override
        public void dropped(DropReason reason, String clientId, Held message, long now) {
            world.sync();
            world.note(clientId, "dropped", reason + " " + message.topic() + " " + message.id());
            world.witness().dropped(reason, clientId, message);
        }

        @Override
        public void refused(
                ReasonCode reason, String clientId, String what, String sentence, long now) {
            world.witness().refused(clientId, what + ": " + sentence);
        }
    }

    private final class Ear implements Authorizer {
        @Override
        public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
            world.sync();
            world.witness().asked(subject, topic);
            return true;
        }

        @Override
        public boolean mayStay(Subject author, TopicName topic, QoS qos) {
            return true;
        }

        @Override
        public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
            return true;
        }

        @Override
        public boolean mayReceive(Subject subject, TopicName topic) {
            return true;
        }

        @Override
        public int version() {
            return 0;
        }
    }
}
