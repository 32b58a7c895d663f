package io.sotto.broker;

import io.sotto.broker.Mailbox.Mail;
import java.util.ArrayList;
import java.util.List;

/// The letters that one turn of a shard has for others: they leave together when it ends.
final class Outbox {
    private final Broker broker;
    private final List<List<Mail>> letters = new ArrayList<>();

    Outbox(Broker broker) {
        this.broker = broker;
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
}
