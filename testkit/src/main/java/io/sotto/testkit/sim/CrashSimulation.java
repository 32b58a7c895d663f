package io.sotto.testkit.sim;

import io.sotto.broker.Broker;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.Keeping;
import io.sotto.broker.Shard;
import io.sotto.broker.session.Ledger;
import io.sotto.broker.spi.Durability;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.store.Store;
import io.sotto.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One run over several lives of a broker: its process ends at any moment, its disk forgets what
/// was not synced, or is full for a while, and it starts again from what is left, perhaps with
/// another number of shards. The store is the real one, on a simulated engine.
final class CrashSimulation implements SimulationRunner.Run {
    private static final int PATIENCE = 60_000;

    private final World world;
    private final Dice dice;
    private final BrokerSettings settings;
    private final CrashModel model;
    private final Network network;
    private final SimulatedEngine engine;
    private final boolean sync;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Map<String, String> retained = new TreeMap<>();
    private Life life;
    private boolean calm;
    private int crashes;

    CrashSimulation(long seed, boolean verbose) {
        this.world = new World(seed, verbose);
        this.dice = world.dice();
        this.settings = new SteadyChoices(dice, true).settings();
        this.model = new CrashModel(world, lax(settings.keeping()));
        this.network = new Network(world, this::turn);
        this.engine = new SimulatedEngine(dice);
        this.sync = dice.chance(75);
        world.watch(model);
        for (int i = dice.between(2, 4); i > 0; i--) {
            clients.add(client("k" + i, new SteadyChoices(dice, true)));
        }
        for (int i = dice.between(0, 2); i > 0; i--) {
            clients.add(client("c" + i, new SteadyChoices(dice, false)));
        }
        this.life = begin();
    }

    private static Map<String, Durability> lax(Keeping keeping) {
        Map<String, Durability> lax = new LinkedHashMap<>();
        keeping.topics().forEach(each -> lax.put(each.filter().toString(), each.durability()));
        return lax;
    }

    /// A broker from its start to its end.
    ///
    /// @param open shards that have worked and not ended their turn
    private record Life(Broker broker, Store store, Ports ports, BitSet open) {}

    private SimulatedClient client(String id, Choices choices) {
        int window = settings.capabilities().receiveMaximum();
        return new SimulatedClient(id, window, world, choices, new Phone());
    }

    private final class Phone implements SimulatedClient.Dialer {
        @Override
        public ClientLink dial(SimulatedClient client, Connect connect) {
            int highWater = calm ? 1 << 20 : dice.pick(300, 5000, 65_536);
            return network.dial(client, connect, dice.pick(life.broker.shards()), highWater);
        }

        @Override
        public @Nullable Object session(ClientLink link) {
            return model.identity(link.link());
        }

        @Override
        public boolean isAbandoned(SimulatedClient client, int packetId) {
            return !CrashModel.isCareful(client.id());
        }

        @Override
        public void arrived(SimulatedClient client, Publish publish) {
            model.arrived(client.id(), publish);
            if (client.id().endsWith("stranger")) {
                retained.put(
                        publish.topic().toString(),
                        new String(publish.payload().toByteArray(), StandardCharsets.UTF_8));
            }
        }
    }

    /// The broker starts with what the disk holds.
    private Life begin() {
        int shards = dice.between(1, 4);
        Store store =
                new Store(engine, sync ? Durability.SYNC : Durability.ASYNC, dice.between(2, 8));
        List<Shard> woken = new ArrayList<>();
        Ports ports =
                new Ports(world, shards, shard -> store.journal(() -> woken.get(shard).wakeUp()));
        Broker broker = new Broker(settings, ports.ofBroker(), shards, ports::wake, world.now());
        woken.addAll(broker.shards());
        Life begun = new Life(broker, store, ports, new BitSet());
        life = begun;
        world.note("world", "begins", shards + " shards, " + engine.inventory());
        broker.restore(store.recovery(), world.now());
        for (int shard = 0; shard < shards; shard++) {
            turn(shard, () -> {});
        }
        return begun;
    }

    /// The process ends.
    private void crash() {
        crash(sync && dice.chance(70));
    }

    private void crash(boolean power) {
        crashes++;
        world.note("world", power ? "power fails" : "process ends", engine.inventory());
        network.breakAll();
        world.errands().clear();
        model.crashed(power, isBehind(), sync);
        engine.crash(power);
        begin();
    }

    /// Whether anything that counts as durable may not have been written.
    private boolean isBehind() {
        return !isAtRest() || !life.store.isIdle();
    }

    @Override
    public int crashes() {
        return crashes;
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
        calm = true;
        engine.next(SimulatedEngine.Fault.NONE);
        network.calmDown();
        if (dice.chance(50)) {
            crash();
        }
        settle(clients);
        race();
        settle(clients);
        model.atRest();
        expectNothingQueued();
        look("stranger", dice.chance(50) ? this::retainByTurns : () -> {});
        startAgainAndLook();
        leave();
    }

    /// Everybody retains for the same topics at once.
    private void race() {
        for (String topic : Choices.TOPICS) {
            for (SimulatedClient client : clients) {
                ClientLink link = client.current();
                if (link != null && link.isOnline()) {
                    client.retain(link, topic);
                }
            }
        }
    }

    /// A start finds what was retained as the process ended, but for what lives in memory.
    private void startAgainAndLook() {
        Map<String, String> before = new TreeMap<>(retained);
        before.keySet().removeIf(topic -> topic.startsWith("will/") || model.isFleeting(topic));
        crash(false);
        retained.clear();
        look("another stranger", () -> {});
        retained.keySet().removeIf(topic -> topic.startsWith("will/"));
        if (!retained.equals(before)) {
            throw new Violation("retained", before + " before a start, and " + retained + " after");
        }
    }

    private void step() {
        if (!life.open.isEmpty() && dice.chance(30)) {
            endTurn(life.open.nextSetBit(0));
        }
        switch (dice.weighted(calm ? 0 : 44, 60, 28, 20, 24, 60, calm ? 2 : 8, 8, calm ? 0 : 1)) {
            case 0 -> dice.pick(clients).act();
            case 1 -> network.feed();
            case 2 -> drain();
            case 3 -> errand();
            case 4 -> commit();
            case 5 -> network.read();
            case 6 -> time();
            case 7 -> network.tellLost();
            default -> crash();
        }
    }

    private void turn(int shard, Runnable work) {
        work.run();
        if (dice.chance(80)) {
            endTurn(shard);
        } else {
            life.open.set(shard);
        }
    }

    /// Other shards may have worked since it began.
    private void endTurn(int shard) {
        life.open.clear(shard);
        life.broker.shards().get(shard).endTurn(world.now());
        if (!life.broker.balances()) {
            throw new Violation("balance", "the books do not close");
        }
    }

    private void drain() {
        int shard = dice.below(life.broker.shards().size());
        if (life.ports.isAwake(shard)) {
            life.ports.asleep(shard);
            turn(shard, () -> life.broker.shards().get(shard).drain(world.now()));
        }
    }

    private void errand() {
        if (!world.errands().isEmpty()) {
            World.Errand errand = world.errands().remove(dice.below(world.errands().size()));
            turn(errand.shard(), errand.task());
        }
    }

    /// At rest it passes quickly: publishers may be kept waiting for seconds, one message after the
    /// other.
    private void time() {
        pass(calm ? 100 : dice.weighted(80, 20) == 0 ? dice.between(1, 50) : 1000);
    }

    private void pass(int millis) {
        world.pass(millis);
        if (dice.chance(60)) {
            life.store.beat();
        }
        for (int shard = 0; shard < life.broker.shards().size(); shard++) {
            int index = shard;
            turn(shard, () -> life.broker.shards().get(index).tick(world.now()));
        }
    }

    /// The disk works, or meets a fault.
    private void commit() {
        switch (calm ? 0 : dice.weighted(90, 4, 4)) {
            case 0 -> {}
            case 1 -> engine.next(SimulatedEngine.Fault.FULL);
            default -> engine.next(SimulatedEngine.Fault.CRASH);
        }
        try {
            life.store.commit();
            life.store.full(false);
        } catch (SimulatedEngine.Crash e) {
            crash();
        } catch (StoreException e) {
            life.store.full(true);
            if (calm || dice.chance(30)) {
                makeRoom();
            }
        }
    }

    private void makeRoom() {
        try {
            life.store.makeRoom();
            life.store.commit();
            life.store.full(false);
        } catch (StoreException e) {
            throw new Violation("store", String.valueOf(e.getMessage()));
        }
    }

    /// Goes on until everybody is there and nothing is under way.
    private void settle(List<SimulatedClient> everybody) {
        for (int steps = 0; steps < PATIENCE; steps++) {
            step();
            if (steps % 20 == 0 && isIdle() && areOnline(everybody)) {
                if (network.isRead()) {
                    return;
                }
                // Who waits for another that is not read either has only time to help it.
                pass(1000);
            }
        }
        throw new Violation("stuck", "something is always under way");
    }

    private boolean isIdle() {
        return isAtRest() && life.store.isIdle() && world.errands().isEmpty() && network.isIdle();
    }

    /// Whether no shard has anything to do of its own accord.
    private boolean isAtRest() {
        for (int shard = 0; shard < life.broker.shards().size(); shard++) {
            if (life.ports.isAwake(shard)) {
                return false;
            }
        }
        return life.open.isEmpty();
    }

    private boolean areOnline(List<SimulatedClient> everybody) {
        boolean all = true;
        for (SimulatedClient client : everybody) {
            ClientLink link = client.current();
            if (link == null || !link.isOnline()) {
                client.connect(
                        new SteadyChoices(dice, true).connect(client.id(), "w-" + client.id()));
                all = false;
            }
        }
        return all;
    }

    private void expectNothingQueued() {
        long queued =
                life.broker.shards().stream().map(Shard::ledger).mapToLong(Ledger::queuedNow).sum();
        if (queued != 0) {
            throw new Violation("left over", queued + " copies are queued for nobody");
        }
    }

    /// Each topic is retained by somebody, while somebody else begins to look: nothing may pass
    /// between what is there and what comes.
    private void retainByTurns() {
        for (int i = 0; i < Choices.TOPICS.size(); i++) {
            SimulatedClient client = clients.get(i % clients.size());
            ClientLink link = client.current();
            if (link != null && link.isOnline()) {
                client.retain(link, Choices.TOPICS.get(i));
            }
        }
    }

    /// A stranger looks at what is retained.
    ///
    /// @param meanwhile what others do in the same moment
    private void look(String id, Runnable meanwhile) {
        SimulatedClient stranger = client(id, new SteadyChoices(dice, true));
        stranger.connect(clean(id));
        settle(List.of());
        ClientLink link = Objects.requireNonNull(stranger.current());
        List<Subscribe.Request> all = new ArrayList<>();
        for (String filter : List.of("#", "$x/#")) {
            all.add(
                    new Subscribe.Request(
                            filter, QoS.EXACTLY_ONCE, false, true, RetainHandling.SEND));
        }
        meanwhile.run();
        link.send(new Subscribe(1, 0, List.of(), all));
        settle(List.of());
        model.checkRetained(retained);
        clients.add(stranger);
    }

    /// Everybody gives its session up, and nothing but what is retained is left on the disk.
    private void leave() {
        model.forget();
        for (SimulatedClient client : clients) {
            client.connect(clean(client.id()));
        }
        settle(List.of());
        network.breakLinks();
        settle(List.of());
        if (engine.size() > 0) {
            throw new Violation("left over", "on the disk: " + engine.inventory());
        }
    }

    private static Connect clean(String clientId) {
        return new Connect(
                ProtocolVersion.MQTT_3_1_1,
                false,
                true,
                0,
                clientId,
                null,
                null,
                null,
                Connect.Properties.DEFAULT);
    }
}
