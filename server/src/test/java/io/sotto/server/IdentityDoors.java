package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Client;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Property;
import io.sotto.conformance.Scram;
import io.sotto.conformance.Target;
import io.sotto.server.DoorRow.By;
import io.sotto.server.DoorRow.Verdict;

/// The doors at which it is asked who somebody is.
final class IdentityDoors {
    private static final int CONTINUE = 0x18;
    private static final int REAUTHENTICATE = 0x19;
    private static final int BAD_CLIENT_ID = 0x85;
    private static final int BAD_USER = 0x86;
    private static final int NOT_AUTHORIZED = 0x87;

    private IdentityDoors() {}

    /// Somebody who was removed is told, and does not get in again.
    static boolean connect(DoorVisit visit) {
        By by = visit.row().by();
        Target.Login login =
                visit.row().verdict() == Verdict.DENIED
                        ? DoorRules.impostor(by)
                        : DoorRules.guest(by);
        Client guest = visit.broker().connectAnonymously().login(login).send();
        if (!visit.isLetIn(guest, BAD_USER, 4)) {
            return false;
        }
        visit.meanwhile(DoorRules.noGuests(by));
        if (visit.mayNow()) {
            guest.expectNothing();
            return true;
        }
        expectDismissed(visit, guest);
        return visit.isLetIn(visit.broker().connectAnonymously().login(login).send(), BAD_USER, 4);
    }

    private static void expectDismissed(DoorVisit visit, Client client) {
        if (visit.isModern()) {
            assertThat(client.expect(PacketType.DISCONNECT).reason()).isEqualTo(NOT_AUTHORIZED);
        } else {
            client.expectClosed();
        }
    }

    /// The session of somebody else is nobody's business.
    static boolean clientId(DoorVisit visit) {
        String id = visit.broker().id("owned");
        Target.Login owner =
                visit.row().verdict() == Verdict.DENIED
                        ? DoorRules.EYE
                        : DoorRules.actor(visit.row().by());
        Client first = visit.broker().connectAnonymously().login(owner).id(id).open();

        boolean letIn = visit.isLetIn(visit.broker().connect().id(id).send(), BAD_CLIENT_ID, 2);

        if (!letIn) {
            first.expectNothing();
        }
        return letIn;
    }

    static boolean reauthentication(DoorVisit visit) {
        return visit.row().by() == By.TOKEN ? anotherToken(visit) : scram(visit);
    }

    private static boolean anotherToken(DoorVisit visit) {
        Client guest =
                visit.broker()
                        .connectAnonymously()
                        .with(token(DoorRules.guest(By.TOKEN).password()))
                        .open();
        visit.meanwhile(DoorRules.NO_TOKENS);
        if (visit.row().verdict() == Verdict.REVOKED) {
            expectDismissed(visit, guest);
            return false;
        }
        boolean right = visit.mayNow();
        Target.Login again = right ? DoorRules.guest(By.TOKEN) : DoorRules.impostor(By.TOKEN);
        guest.sendAuth(REAUTHENTICATE, token(again.password()));
        if (right) {
            guest.expectAuth(0);
            return true;
        }
        expectDismissed(visit, guest);
        return false;
    }

    private static String token(String token) {
        return Property.authenticationMethod("JWT") + Property.authenticationData(token);
    }

    private static boolean scram(DoorVisit visit) {
        Client shy = login(visit);
        visit.meanwhile(DoorRules.NO_GUESTS);
        if (visit.row().verdict() == Verdict.REVOKED) {
            expectDismissed(visit, shy);
            return false;
        }
        Scram again = scram();
        shy.sendAuth(REAUTHENTICATE, again.first());
        var challenge = shy.expectAuth(CONTINUE);
        boolean right = visit.mayNow();
        shy.sendAuth(CONTINUE, right ? again.answer(challenge) : again.wrongAnswer(challenge));
        if (right) {
            again.expectProof(shy.expectAuth(0));
            return true;
        }
        expectDismissed(visit, shy);
        return false;
    }

    private static Client login(DoorVisit visit) {
        Scram scram = scram();
        Client client = visit.broker().connectAnonymously().with(scram.first()).send();
        client.sendAuth(CONTINUE, scram.answer(client.expectAuth(CONTINUE)));
        return client.accepted(client.expect(PacketType.CONNACK));
    }

    private static Scram scram() {
        return new Scram(new Target.Scram("SCRAM-SHA-256", DoorRules.SHY));
    }
}
