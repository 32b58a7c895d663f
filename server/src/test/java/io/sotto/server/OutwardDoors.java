package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Client;
import io.sotto.conformance.Property;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Will;
import java.time.Duration;

/// The doors through which messages of the actor go out.
final class OutwardDoors {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int OLD_NOT_AUTHORIZED = 5;
    private static final int DELAY = 1;

    private OutwardDoors() {}

    static boolean publish(DoorVisit visit) {
        visit.eye().subscribe(visit.topic(), 2);
        Client actor = visit.connect().open();
        // The same as follows: what was answered once is remembered, and must not be any longer.
        visit.publish(
                actor,
                Publish.to(visit.topic(), "before"),
                visit.row().verdict() != DoorRow.Verdict.DENIED);
        actor.expectNothing();
        visit.meanwhile();

        visit.publish(actor, Publish.to(visit.topic(), "word"), visit.mayNow());

        return visit.came(visit.eye(), actor, "word");
    }

    static boolean alias(DoorVisit visit) {
        visit.eye().subscribe(visit.topic(), 2);
        Client actor = visit.connect().open();
        actor.send(Publish.to(visit.topic(), "first").with(Property.topicAlias(1)));
        actor.settle();
        visit.meanwhile();

        visit.publish(actor, Publish.to("", "word").with(Property.topicAlias(1)), visit.mayNow());

        return visit.came(visit.eye(), actor, "word");
    }

    static boolean retained(DoorVisit visit) {
        Client actor = visit.connect().open();
        visit.meanwhile();

        visit.publish(actor, Publish.to(visit.topic(), "word").retain(), visit.mayNow());
        actor.settle();
        visit.eye().subscribe(visit.topic(), 2);

        return visit.came(visit.eye(), actor, "word");
    }

    static boolean retainPermission(DoorVisit visit) {
        String topic = visit.topic("kept/", "plain/");
        Client actor = visit.connect().open();
        visit.meanwhile(DoorRules.UNRETAINED);

        visit.publish(actor, Publish.to(topic, "kept").retain(), visit.mayNow());
        visit.publish(actor, Publish.to(topic, "passing"), true);
        actor.settle();
        visit.eye().subscribe(topic, 2);

        return visit.came(visit.eye(), actor, "kept");
    }

    static boolean willAtConnect(DoorVisit visit) {
        Will will = Will.to(visit.topic(), "will").qos(visit.qos());
        if (visit.row().verdict() == DoorRow.Verdict.REVOKED) {
            visit.connect().will(will).open().disconnect();
            visit.meanwhile();
        }
        Client actor = visit.connect().will(will).send();

        boolean letIn = visit.isLetIn(actor, NOT_AUTHORIZED, OLD_NOT_AUTHORIZED);

        if (letIn) {
            actor.disconnect();
        } else {
            actor.expectClosed();
        }
        return letIn;
    }

    static boolean will(DoorVisit visit) {
        visit.eye().subscribe(visit.topic(), 2);
        Will will = Will.to(visit.topic(), "will").qos(visit.qos());
        Client actor = visit.connect().will(will).send();
        if (visit.isLetIn(actor, NOT_AUTHORIZED, OLD_NOT_AUTHORIZED)) {
            visit.meanwhile();

            actor.drop();
        }

        // The same client id is at home on the same shard: what it sends now comes behind the will.
        return visit.came(visit.eye(), visit.connect().open(), "will");
    }

    static boolean delayedWill(DoorVisit visit) {
        visit.eye().subscribe(visit.topic(), 2);
        Will will = Will.to(visit.topic(), "will").qos(visit.qos()).with(Property.willDelay(DELAY));
        Client actor = visit.connect().lasting().will(will).send();
        if (!visit.isLetIn(actor, NOT_AUTHORIZED, OLD_NOT_AUTHORIZED)) {
            return false;
        }
        actor.drop();
        visit.meanwhile();

        boolean came = visit.eye().receives(Duration.ofMillis(visit.mayNow() ? 5_000 : 1_600));

        assertThat(visit.eye().connAck().reason()).isZero();
        return came;
    }
}
