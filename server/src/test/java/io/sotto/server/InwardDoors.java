package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import java.util.List;

/// The doors through which messages come in to the actor.
final class InwardDoors {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int OLD_FAILURE = 0x80;
    private static final int ID = 0x31;

    private InwardDoors() {}

    /// The second of two, of which the first is allowed.
    static boolean filter(DoorVisit visit) {
        Client actor = visit.connect().open();
        visit.meanwhile();

        actor.sendPacket(
                0x82,
                "%04X %s <conformance/first> %02X <%s/#> %02X"
                        .formatted(
                                ID, actor.noProperties(), visit.qos(), visit.topic(), visit.qos()));

        List<Integer> codes = actor.expect(PacketType.SUBACK).codes();
        assertThat(codes).hasSize(2).first().isEqualTo(visit.qos());
        return isGranted(visit, codes.getLast());
    }

    static boolean sharedFilter(DoorVisit visit) {
        Client actor = visit.connect().open();
        visit.meanwhile();

        String filter = "$share/group/" + visit.topic() + "/#";
        return isGranted(visit, actor.subscribeForCode(filter, visit.qos(), ""));
    }

    private static boolean isGranted(DoorVisit visit, int code) {
        if (code == visit.qos()) {
            return true;
        }
        assertThat(code).isEqualTo(visit.isModern() ? NOT_AUTHORIZED : OLD_FAILURE);
        return false;
    }

    /// A subscription that is held already, and then a message which another one could bring.
    static boolean held(DoorVisit visit) {
        Client actor = visit.connect().open();
        actor.subscribeForCode(visit.topic() + "/#", visit.qos(), "");
        visit.meanwhile(DoorRules.NARROW);

        visit.eye().publish(Publish.to(visit.topic() + "/some", "word").qos(visit.qos(), 3));

        return visit.came(actor, visit.eye(), "word");
    }

    /// One topic of a filter that stays allowed.
    static boolean delivery(DoorVisit visit) {
        Client actor = visit.connect().open();
        actor.subscribe(visit.mixedFilter(), visit.qos());
        visit.meanwhile();

        visit.eye().publish(Publish.to(visit.mixedTopic(), "word").qos(visit.qos(), 3));

        return visit.came(actor, visit.eye(), "word");
    }

    static boolean replayed(DoorVisit visit) {
        visit.eye().publish(Publish.to(visit.mixedTopic(), "kept").qos(visit.qos(), 3).retain());
        visit.eye().settle();
        Client actor = visit.connect().open();
        visit.meanwhile();

        actor.sendSubscribe(ID, visit.mixedFilter(), visit.qos(), "");
        assertThat(actor.expect(PacketType.SUBACK).reason()).isEqualTo(visit.qos());

        return visit.came(actor, visit.eye(), "kept");
    }

    static boolean queued(DoorVisit visit) {
        Client actor = visit.connect().lasting().open();
        actor.subscribe(visit.mixedFilter(), visit.qos());
        actor.disconnect();
        visit.eye().publish(Publish.to(visit.mixedTopic(), "word").qos(visit.qos(), 3));
        visit.eye().settle();
        visit.meanwhile();

        Client again = visit.connect().lasting().open();

        assertThat(again.connAck().sessionPresent()).isEqualTo(visit.row().version().level() > 3);
        return visit.came(again, visit.eye(), "word");
    }

    static boolean sentAgain(DoorVisit visit) {
        Client actor = visit.connect().lasting().open();
        actor.subscribe(visit.mixedFilter(), visit.qos());
        visit.eye().publish(Publish.to(visit.mixedTopic(), "word").qos(visit.qos(), 3));
        if (visit.row().verdict() == DoorRow.Verdict.DENIED) {
            actor.expectNothing();
        } else {
            actor.expectPublish(visit.mixedTopic(), "word");
        }
        actor.drop();
        visit.meanwhile();

        Client again = visit.connect().lasting().open();

        return visit.came(again, visit.eye(), "word");
    }

    /// Whether messages come at the QoS that was asked for.
    static boolean lowerQos(DoorVisit visit) {
        String topic = visit.topic("full/", "low/");
        Client actor = visit.connect().open();
        int granted = actor.subscribeForCode(topic, visit.qos(), "");
        assertThat(granted)
                .isEqualTo(visit.row().verdict() == DoorRow.Verdict.DENIED ? 0 : visit.qos());
        visit.meanwhile(DoorRules.LOW);

        visit.eye().publish(Publish.to(topic, "word").qos(visit.qos(), 3));

        List<Packet> messages = visit.messages(actor, visit.eye());
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().qos()).isIn(0, visit.qos());
        return messages.getFirst().qos() == visit.qos();
    }

    /// Leaving needs no right, also when what is left is withheld.
    static boolean unsubscribe(DoorVisit visit) {
        Client actor = visit.connect().open();
        int code = actor.subscribeForCode(visit.topic() + "/#", 1, "");
        visit.meanwhile();

        Packet unsubAck = actor.unsubscribe(visit.topic() + "/#");

        int left = code < OLD_FAILURE || !visit.isModern() ? 0 : 0x11;
        return unsubAck.reason() == left;
    }
}
