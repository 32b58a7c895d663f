package io.sotto.broker;

import io.sotto.broker.Mailbox.Mail;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Link;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The letters that one turn of a shard has for others: they leave together when it ends. When
/// others cannot keep up, the links that cause letters are not read for a while.
final class Outbox {
    private final Broker broker;
    private final int sender;
    private final List<List<Mail>> letters = new ArrayList<>();
    private final Set<Link> heldBack = new LinkedHashSet<>();

    Outbox(Broker broker, int sender) {
        this.broker = broker;
        this.sender = sender;
        for (int shard = 0; shard < broker.shardCount(); shard++) {
            letters.add(new ArrayList<>());
        }
    }

    void put(int shard, Mail mail) {
        letters.get(shard).add(mail);
    }

    void send() {
        for (int shard = 0; shard < letters.size(); shard++) {
            List<Mail> batch = letters.get(shard);
            if (!batch.isEmpty()) {
                broker.shard(shard).post(batch);
                batch.clear();
            }
        }
    }

    /// Stops reading a link while the mailbox of any other shard is crowded, or the disk behind.
    void holdBackIfBehind(Link link) {
        if (isDiskBehind()) {
            link.pauseReading();
            heldBack.add(link);
            return;
        }
        for (int shard = 0; shard < broker.shardCount(); shard++) {
            if (shard != sender && broker.shard(shard).isCrowded()) {
                link.pauseReading();
                heldBack.add(link);
                return;
            }
        }
    }

    private boolean isDiskBehind() {
        return broker.shard(sender).context().journal().condition() == Journal.Condition.BEHIND;
    }

    /// Reads the links again that were held back, once all mailboxes and the journal have room.
    void release() {
        if (heldBack.isEmpty() || isDiskBehind()) {
            return;
        }
        for (int shard = 0; shard < broker.shardCount(); shard++) {
            if (!broker.shard(shard).isRoomy()) {
                return;
            }
        }
        List<Link> all = List.copyOf(heldBack);
        heldBack.clear();
        all.forEach(Link::resumeReading);
    }

    /// The link is closed: however long the disk takes, those that come and go meanwhile are not
    /// kept.
    void forget(Link link) {
        heldBack.remove(link);
    }
}
