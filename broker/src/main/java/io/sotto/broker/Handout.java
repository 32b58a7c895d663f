package io.sotto.broker;

import io.sotto.broker.routing.Target;
import io.sotto.broker.session.Frames;
import io.sotto.broker.session.Sheaf;
import io.sotto.broker.spi.Message;
import io.sotto.broker.topic.Scout;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import java.util.ArrayList;
import java.util.List;

/// Hands messages to the sessions of its shard.
///
/// Messages of QoS 0 that come behind one another in one go, by one read or with the mail, and are
/// for the same many sessions, are handed out together ([Sheaf]). Nothing happens in between:
/// whoever does anything else that sessions could notice calls [#finish] before.
final class Handout {
    /// From so many sessions on.
    private static final int MANY = 4;

    /// How many bytes are gathered.
    private static final int MOST = 32 * 1024;

    private static final Target[] NOBODY = {};

    private final Shard shard;
    private final Frames frames = new Frames();
    private final List<Message> arrived = new ArrayList<>();
    private final List<Message> gathered = new ArrayList<>();
    private Target[] targets = NOBODY;
    private int bytes;
    private boolean gathers;

    Handout(Shard shard) {
        this.shard = shard;
    }

    Frames frames() {
        return frames;
    }

    /// A packet is about to be handled: what is no message sees all that came before handed out.
    void before(Packet packet, long now) {
        if (!(packet instanceof Publish)) {
            finish(now);
        }
    }

    /// From here to [#end] more may follow.
    void begin() {
        gathers = true;
    }

    /// What has come in this go is handed out.
    void end(long now) {
        try {
            finish(now);
        } finally {
            gathers = false;
        }
    }

    /// Whether a message whose way is not known waits for others, to look for the ways of several
    /// together; none that anybody is answered for.
    boolean waits(Message message, long now) {
        if (!gathers || message.qos() != QoS.AT_MOST_ONCE || message.retain()) {
            return false;
        }
        arrived.add(message);
        if (arrived.size() == Scout.WALKS) {
            arrive(now);
        }
        return true;
    }

    /// Sends those on their way that have waited.
    void arrive(long now) {
        if (!arrived.isEmpty()) {
            List<Message> messages = List.copyOf(arrived);
            arrived.clear();
            shard.route(messages, now);
        }
    }

    /// Hands copies of what another shard sent to sessions; whatever is sent because of it is
    /// numbered above it.
    void receive(Message message, Target[] targets, boolean atHome, long now) {
        shard.context().numbers().above(message.id());
        deliver(message, targets, atHome, now);
    }

    /// Hands copies to sessions, now or before anything else happens.
    ///
    /// @param atHome whether the journal is to be told of the one that is kept
    /// @return whether any is there to take it, as far as is known
    @SuppressWarnings("ReferenceEquality") // the very route
    boolean deliver(Message message, Target[] targets, boolean atHome, long now) {
        boolean joins =
                gathers
                        && targets.length >= MANY
                        && message.qos() == QoS.AT_MOST_ONCE
                        && message.weight() < Sheaf.SMALL;
        if (!joins || this.targets != targets || bytes >= MOST) {
            handOut(now);
        }
        if (!joins) {
            return toEach(message, targets, atHome, now);
        }
        this.targets = targets;
        gathered.add(message);
        bytes += message.weight();
        return true;
    }

    /// Hands out all that has come.
    void finish(long now) {
        arrive(now);
        handOut(now);
    }

    private void handOut(long now) {
        if (gathered.isEmpty()) {
            return;
        }
        List<Message> messages = List.copyOf(gathered);
        Target[] all = targets;
        gathered.clear();
        targets = NOBODY;
        bytes = 0;
        Target[] rest = messages.size() == 1 ? all : together(messages, all, now);
        if (rest.length > 0) {
            messages.forEach(message -> toEach(message, rest, false, now));
        }
    }

    /// @return those that have to be handed one message at a time
    private static Target[] together(List<Message> messages, Target[] targets, long now) {
        Sheaf sheaf = new Sheaf(messages, now);
        List<Target> rest = new ArrayList<>(0);
        for (Target target : targets) {
            if (!target.deliver(sheaf)) {
                rest.add(target);
            }
        }
        return rest.toArray(NOBODY);
    }

    private boolean toEach(Message message, Target[] targets, boolean atHome, long now) {
        boolean any = false;
        for (Target target : targets) {
            Target copy = target.forPublisher(message.publisher());
            if (copy != null && atHome) {
                copy.journalAtHome(message, shard.context().journal());
            }
            any |= copy != null && copy.deliver(message, now);
        }
        return any;
    }
}
