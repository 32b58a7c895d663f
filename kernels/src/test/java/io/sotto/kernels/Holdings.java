package io.sotto.kernels;

import io.sotto.kernels.Company.Member;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.QoS;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/// What each of very many clients costs the heap, by what the broker holds of it. Says so as a
/// table.
final class Holdings {
    private final Company company = new Company();

    private Holdings() {}

    /// What the broker holds of a client.
    enum Kind {
        CONNECTION("a connection"),
        OWN_FILTER("a connection and a filter of its own, `device/N/command`"),
        OWN_WILDCARD("a connection and a filter of its own, `device/N/+`"),
        SAME_FILTER("a connection and the one filter that all have"),
        SESSION("a session that is away and a filter of its own"),
        WAITING("the same, and a message of QoS 1, 64 bytes, that waits for it");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /// Measures one kind after the other.
    ///
    /// @param args of how many clients
    public static void main(String[] args) {
        int clients = Integer.parseInt(args[0]);
        for (Kind kind : Kind.values()) {
            each(kind, Math.min(clients, 20_000));
        }
        System.out.printf(
                "| what each of %,d clients is | heap each, B |%n| --- | --- |%n", clients);
        for (Kind kind : Kind.values()) {
            System.out.printf(Locale.ROOT, "| %s | %,d |%n", kind.words, each(kind, clients));
        }
    }

    /// How many bytes of heap each of so many clients holds.
    static long each(Kind kind, int clients) {
        Holdings holdings = new Holdings();
        long before = used();
        for (int i = 0; i < clients; i++) {
            holdings.add(kind, i);
        }
        if (kind == Kind.WAITING) {
            holdings.publish(clients);
        }
        long each = (used() - before) / clients;
        Company company = holdings.company;
        if (company.sessions() < clients || !company.balances()) {
            throw new IllegalStateException("not all are there");
        }
        return each;
    }

    private void add(Kind kind, int number) {
        String clientId = "device-" + number;
        String topic = "device/" + number + "/command";
        switch (kind) {
            case CONNECTION -> company.connect(clientId);
            case OWN_FILTER -> company.subscriber(clientId, topic, QoS.AT_MOST_ONCE);
            case OWN_WILDCARD ->
                    company.subscriber(clientId, "device/" + number + "/+", QoS.AT_MOST_ONCE);
            case SAME_FILTER -> company.subscriber(clientId, "device/command", QoS.AT_MOST_ONCE);
            case SESSION, WAITING -> {
                Member member = company.connectKept(clientId);
                company.send(member, Packets.subscribe(topic, QoS.AT_LEAST_ONCE));
                company.send(member, Disconnect.NORMAL);
            }
        }
    }

    private void publish(int clients) {
        Member publisher = company.connect("publisher");
        for (int i = 0; i < clients; i++) {
            company.send(publisher, Packets.publish("device/" + i + "/command", QoS.AT_LEAST_ONCE));
        }
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
