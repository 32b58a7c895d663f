package io.sotto.testkit.sim;

import io.sotto.broker.Broker;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.Shard;
import io.sotto.broker.session.Ledger;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// One run: a broker with its shards, its disk and its clients in one thread, under a seed. At each
/// step chance decides what happens next; the model watches.
///
/// A run has three parts. First everything goes wrong. Then nothing does, and all clients come
/// back, so that whatever was lost shows. At last all leave, and nothing may be left.
final class Simulation implements SimulationRunner.Run {
    private static final int PATIENCE = 60_000;
    private static final long LONGER_THAN_ANY_SESSION = 8L * 24 * 3600 * 1000;

    private final World world;
    private final Dice dice;
    private final List<DelayedJournal> journals = new ArrayList<>();
    private final Ports ports;
    private final Broker broker;
    private final Model model;
    private final Choices choices;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Network network;
    private boolean calm;

    Simulation(long seed, boolean verbose) {
        this.world = new World(seed, verbose);
        this.dice = world.dice();
        this.choices = new Choices(dice);
        int shards = dice.between(1, 4);
        BrokerSettings settings = choices.settings();
        for (int i = 0; i < shards; i++) {
            journals.add(new DelayedJournal(i, world));
        }
        this.ports = new Ports(world, shards, journals::get);
        this.model = new Model(world, settings, shard -> journals.get(shard).durable());
        world.watch(model);
        this.network = new Network(world, this::turn);
        this.broker = new Broker(settings, ports.ofBroker(), shards, ports::wake, world.now());
        int window = settings.capabilities().receiveMaximum();
        int count = dice.between(2, 6);
        for (int i = 0; i < count; i++) {
            clients.add(new SimulatedClient("c" + i, window, world, choices, new Phone()));
        }
        world.note("world", "begins", settings);
    }

    @Override
    public int crashes() {
        return 0;
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
        comeToRest();
        atRest();
        leave();
        probe();
    }

    private final class Phone implements SimulatedClient.Dialer {
        @Override
        public ClientLink dial(SimulatedClient client, Connect connect) {
            return Simulation.this.dial(client, connect);
        }

        @Override
        public @Nullable Object session(ClientLink link) {
            return model.state().connection(link.link()).session();
        }

        @Override
        public boolean isAbandoned(SimulatedClient client, int packetId) {
            ModelSession session = model.state().session(client.id());
            return session != null && session.sending().abandoned().contains(packetId);
        }
    }

    private ClientLink dial(SimulatedClient client, Connect connect) {
        int highWater = calm ? 1 << 20 : dice.pick(300, 1000, 5000, 65_536);
        return network.dial(client, connect, dice.pick(broker.shards()), highWater);
    }

    private void step() {
        switch (dice.weighted(calm ? 0 : 22, 30, 14, 10, 8, 30, calm ? 1 : 5, 4)) {
            case 0 -> dice.pick(clients).act();
            case 1 -> network.feed();
            case 2 -> drain();
            case 3 -> errand();
            case 4 -> journal();
            case 5 -> network.read();
            case 6 -> time();
            default -> network.tellLost();
        }
    }

    /// One turn of a shard's loop.
    private void turn(Shard shard, Runnable work) {
        if (dice.chance(20)) {
            shard.drain(world.now());
        }
        work.run();
        if (dice.chance(10)) {
            shard.drain(world.now());
        }
        shard.endTurn(world.now());
        model.turned();
        check();
    }

    private void turn(int shard, Runnable work) {
        turn(broker.shards().get(shard), work);
    }

    private void drain() {
        Shard shard = dice.pick(broker.shards());
        if (ports.isAwake(shard.index())) {
            ports.asleep(shard.index());
            turn(shard, () -> shard.drain(world.now()));
        }
    }

    private void errand() {
        if (!world.errands().isEmpty()) {
            World.Errand errand = world.errands().remove(dice.below(world.errands().size()));
            world.note("world", "errand", errand.what());
            turn(errand.shard(), errand.task());
        }
    }

    private void journal() {
        Shard shard = dice.pick(broker.shards());
        DelayedJournal journal = journals.get(shard.index());
        if (journal.isBehind()) {
            journal.progress(dice.between(1, journal.behind()));
            shard.wakeUp();
        }
    }

    private void time() {
        pass(
                calm
                        ? 10
                        : switch (dice.weighted(70, 25, 5)) {
                            case 0 -> dice.between(1, 50);
                            case 1 -> dice.between(64, 1000);
                            default -> dice.between(1000, 40_000);
                        });
    }

    private void pass(long millis) {
        world.pass(millis);
        for (Shard shard : broker.shards()) {
            if (millis > 1000 || dice.chance(70)) {
                tick(shard);
            }
        }
    }

    private void tick(Shard shard) {
        turn(
                shard,
                () -> {
                    shard.tick(world.now());
                    model.ticked(shard.index());
                });
    }

    /// Nothing goes wrong any more, and everybody comes back.
    private void comeToRest() {
        calm = true;
        world.note("world", "calms down", null);
        network.calmDown();
        for (SimulatedClient client : clients) {
            if (dice.chance(70)) {
                client.connect(choices.lastConnect(client.id()));
            }
        }
        settle(true);
    }

    /// Goes on until nothing is under way.
    private void settle(boolean everybodyOnline) {
        for (int steps = 0; steps < PATIENCE; steps++) {
            step();
            if (steps % 20 == 0 && isIdle()) {
                if (!everybodyOnline || reconnect()) {
                    return;
                }
            }
        }
        throw new Violation("stuck", "something is always under way");
    }

    private boolean isIdle() {
        for (int shard = 0; shard < broker.shards().size(); shard++) {
            if (ports.isAwake(shard) || journals.get(shard).isBehind()) {
                return false;
            }
        }
        return world.errands().isEmpty() && network.isIdle();
    }

    /// Whether all clients are online; those that are not connect again.
    private boolean reconnect() {
        boolean all = true;
        for (SimulatedClient client : clients) {
            ClientLink current = client.current();
            if (current == null) {
                client.connect(choices.lastConnect(client.id()));
                all = false;
            } else if (!current.isOnline()) {
                throw new Violation("stuck", client.id() + " is not answered");
            }
        }
        return all;
    }

    private void atRest() {
        world.note("world", "at rest", null);
        for (SimulatedClient client : clients) {
            String missing = client.waitsFor();
            if (missing != null) {
                throw new Violation("unfinished", client.id() + " waits for " + missing);
            }
        }
        model.atRest();
        expect("queued", 0, Ledger::queuedNow);
    }

    private void expect(String what, long wanted, ToLongFunction<Ledger> figure) {
        long sum = broker.shards().stream().map(Shard::ledger).mapToLong(figure).sum();
        if (sum != wanted) {
            throw new Violation("left over", what + " is " + sum + " instead of " + wanted);
        }
    }

    /// Everybody leaves, and all sessions end.
    private void leave() {
        for (SimulatedClient client : clients) {
            ClientLink link = Objects.requireNonNull(client.current());
            link.send(Disconnect.NORMAL);
        }
        settle(false);
        world.pass(LONGER_THAN_ANY_SESSION);
        broker.shards().forEach(this::tick);
        settle(false);
        world.note("world", "all gone", null);
        if (!model.state().sessions().isEmpty()) {
            throw new Violation("left over", "sessions " + model.state().sessions());
        }
        model.atRest();
        expect("queued", 0, Ledger::queuedNow);
        int retained = model.state().retained().count(world.now());
        if (broker.retainedCount() != retained) {
            throw new Violation(
                    "retained", broker.retainedCount() + " kept instead of " + retained);
        }
    }

    /// A stranger publishes everywhere and is told that nobody is there.
    private void probe() {
        SimulatedClient stranger =
                new SimulatedClient("stranger", Choices.TOPICS.size(), world, choices, new Phone());
        stranger.connect(choices.lastConnect(stranger.id()));
        settle(false);
        ClientLink link = Objects.requireNonNull(stranger.current());
        for (String topic : Choices.TOPICS) {
            stranger.publish(link, topic);
            settle(false);
        }
        model.atRest();
    }

    /// What must hold after every turn.
    private void check() {
        if (!broker.balances()) {
            throw new Violation("balance", "the books do not close");
        }
        for (Shard shard : broker.shards()) {
            int home = shard.index();
            List<ModelSession> sessions =
                    model.state().sessions().stream()
                            .filter(session -> session.home() == home)
                            .toList();
            long connected = sessions.stream().filter(ModelSession::isConnected).count();
            if (shard.sessionCount() != sessions.size() || shard.connectedCount() != connected) {
                throw new Violation(
                        "sessions",
                        "shard %d has %d, %d connected, instead of %d, %d: %s"
                                .formatted(
                                        home,
                                        shard.sessionCount(),
                                        shard.connectedCount(),
                                        sessions.size(),
                                        connected,
                                        sessions));
            }
        }
        expect("messages", model.state().messages(), Ledger::messages);
    }
}
