package io.sotto.client;

import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.Unsubscribe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// The SUBSCRIBEs and UNSUBSCRIBEs that await their answer, and the subscriptions that were granted
/// and are made again where a server lost the session. Belongs to the [Conversation], under its
/// lock.
final class Requests {
    private final boolean codesInUnsubAck;
    private final Promises promises;
    private final Map<Integer, Request> pending = new HashMap<>();
    private final Map<String, Granted> granted = new LinkedHashMap<>();

    private record Request(Packet packet, CompletableFuture<List<ReasonCode>> answer) {}

    private record Granted(Subscribe.Request request, int identifier) {}

    /// @param codesInUnsubAck whether UNSUBACK has them: in 5.0
    Requests(boolean codesInUnsubAck, Promises promises) {
        this.codesInUnsubAck = codesInUnsubAck;
        this.promises = promises;
    }

    /// The packet identifiers in use.
    Set<Integer> ids() {
        return pending.keySet();
    }

    CompletableFuture<List<ReasonCode>> add(int id, Packet packet) {
        Request request = new Request(packet, new CompletableFuture<>());
        pending.put(id, request);
        return request.answer;
    }

    /// Breaks the promises of all that is unanswered.
    void fail(ClientException why) {
        for (Request request : List.copyOf(pending.values())) {
            promises.add(() -> request.answer.completeExceptionally(why));
        }
        pending.clear();
    }

    /// What was granted, one SUBSCRIBE each, without packet identifiers.
    List<Subscribe> toRepeat() {
        List<Subscribe> all = new ArrayList<>();
        for (Granted old : granted.values()) {
            all.add(new Subscribe(0, old.identifier, List.of(), List.of(old.request)));
        }
        return all;
    }

    /// Takes a SUBACK or UNSUBACK, one code for each filter.
    void answer(int id, boolean subAck, List<ReasonCode> reasons) {
        Request request = pending.get(id);
        if (request == null || subAck != request.packet instanceof Subscribe) {
            throw ProtocolException.protocolError("an answer to no request [MQTT-2.2.1-6]");
        }
        List<ReasonCode> answer =
                switch (request.packet) {
                    case Subscribe subscribe -> subscribed(subscribe, reasons);
                    case Unsubscribe unsubscribe -> unsubscribed(unsubscribe, reasons);
                    default -> throw new IllegalStateException("no request: " + request.packet);
                };
        // Not before it is judged: a bad answer breaks the promise with the connection.
        pending.remove(id);
        promises.add(() -> request.answer.complete(answer));
    }

    private List<ReasonCode> subscribed(Subscribe subscribe, List<ReasonCode> reasons) {
        require(reasons.size() == subscribe.requests().size());
        for (int i = 0; i < reasons.size(); i++) {
            Subscribe.Request request = subscribe.requests().get(i);
            if (!reasons.get(i).isFailure()) {
                granted.put(
                        request.filter(), new Granted(request, subscribe.subscriptionIdentifier()));
            }
        }
        return reasons;
    }

    private List<ReasonCode> unsubscribed(Unsubscribe unsubscribe, List<ReasonCode> reasons) {
        int count = unsubscribe.filters().size();
        require(!codesInUnsubAck || reasons.size() == count);
        unsubscribe.filters().forEach(granted::remove);
        return codesInUnsubAck ? reasons : Collections.nCopies(count, ReasonCode.SUCCESS);
    }

    private static void require(boolean matching) {
        if (!matching) {
            throw ProtocolException.protocolError(
                    "not one code for each filter [MQTT-3.8.4-6] [MQTT-3.11.3-1]");
        }
    }
}
