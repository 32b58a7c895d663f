package io.sotto.fuzz;

import io.sotto.broker.BrokerSettings;
import io.sotto.broker.Keeping;
import io.sotto.broker.session.QueueLimits;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.testkit.link.WholeBroker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A whole broker in virtual time, against clients that say by a grammar what the fuzzer chooses,
/// and damage some of it.
///
/// What must hold: the broker reports no fault of its own, its books balance, a client is told
/// nothing before CONNACK, and whatever it sends can be read.
public final class SessionTarget {
    private static final int CLIENTS = 4;
    private static final List<ProtocolVersion> VERSIONS = List.of(ProtocolVersion.values());
    private static final int MOST_STEPS = 200;
    private static final BrokerSettings SETTINGS =
            new BrokerSettings(
                    new DecoderLimits(4096, 4096, 10, 10, TopicLimits.DEFAULT),
                    new QueueLimits(
                            6,
                            200,
                            QueueLimits.Overflow.DROP_OLD,
                            3,
                            40,
                            false,
                            2,
                            QueueLimits.Together.UNBOUNDED),
                    BrokerSettings.Clients.DEFAULT,
                    new BrokerSettings.Capabilities(
                            3, false, 2, QoS.EXACTLY_ONCE, true, true, true, 3),
                    BrokerSettings.Quotas.DEFAULT,
                    Keeping.AS_USUAL,
                    10);

    private final Input input;
    private final WholeBroker broker;
    private final List<Place> places = new ArrayList<>();

    private SessionTarget(Input input) {
        this.input = input;
        this.broker = new WholeBroker(SETTINGS, 1 + input.below(3));
        for (int i = 0; i < CLIENTS; i++) {
            ProtocolVersion version = ProtocolVersion.MQTT_5;
            places.add(new Place(broker.client(version), version));
        }
    }

    /// What Jazzer calls.
    public static void fuzzerTestOneInput(byte[] data) {
        Bounds.inTime(() -> new SessionTarget(new Input(data)).run());
    }

    private void run() {
        for (int step = 0; step < MOST_STEPS && !input.isEmpty(); step++) {
            int choice = input.one();
            act(choice & CLIENTS - 1, choice >> 2);
            places.forEach(Place::hear);
        }
        places.forEach(place -> place.client().lose());
        broker.sleep(1000L * 3600 * 24 * 400);
        if (!broker.balances()) {
            throw new AssertionError("the balance does not close");
        }
        if (!broker.errors().isEmpty()) {
            throw new AssertionError(broker.errors().toString());
        }
    }

    private void act(int seat, int choice) {
        Place place = places.get(seat);
        switch (choice & 31) {
            case 0, 1 -> connect(seat);
            case 2 -> place.client().lose();
            case 3 -> place.client().writable(input.flag());
            case 4 -> broker.sleep(100L * input.one());
            case 5 -> broker.sleep(10_000L * input.one());
            case 6 -> place.say(input.some(input.one()));
            default -> say(place, new Phrases(input, place.version()).next());
        }
    }

    private void connect(int seat) {
        places.get(seat).client().lose();
        ProtocolVersion version = input.pick(VERSIONS);
        Place place = new Place(broker.client(version), version);
        places.set(seat, place);
        say(place, new Phrases(input, version).connect());
    }

    /// Says it whole, in two parts, or damaged.
    private void say(Place place, byte[] packet) {
        switch (input.one() & 15) {
            case 0 -> {
                int cut = input.one() % packet.length;
                place.say(Arrays.copyOf(packet, cut));
                place.say(Arrays.copyOfRange(packet, cut, packet.length));
            }
            case 1 -> {
                packet[input.one() % packet.length] = (byte) input.one();
                place.say(packet);
            }
            default -> place.say(packet);
        }
    }
}
