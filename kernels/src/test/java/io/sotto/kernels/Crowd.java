package io.sotto.kernels;

import io.sotto.kernels.Company.Member;
import io.sotto.mqtt.QoS;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Very many clients of one broker in one process, at links in memory: what each of them costs the
/// heap and how long it takes to let it in, and whether a message costs more among many. Says so as
/// a table; the sockets are not in it.
final class Crowd {
    private static final int MESSAGES = 200_000;

    private final Company company = new Company();
    private final List<Member> members = new ArrayList<>();

    private Crowd() {}

    /// Lets ten clients in, then ten times as many, and so on.
    ///
    /// @param args up to how many
    public static void main(String[] args) {
        int most = Integer.parseInt(args[0]);
        // Compiled code is to be measured, and the heap without what made it.
        new Crowd().grow(20_000);
        System.out.println(
                "| connections, each with a subscription | heap each, B | µs to let one in |"
                        + " µs per message |\n| --- | --- | --- | --- |");
        Crowd crowd = new Crowd();
        long before = used();
        for (int size = 10; size <= most; size *= 10) {
            int fresh = size - crowd.members.size();
            double micros = crowd.grow(size) / fresh;
            System.out.printf(
                    Locale.ROOT,
                    "| %,d | %,d | %.1f | %.2f |%n",
                    size,
                    (used() - before) / size,
                    micros,
                    crowd.publish());
        }
    }

    /// Lets more clients in.
    ///
    /// @return how long that took, in microseconds
    private double grow(int size) {
        long begin = System.nanoTime();
        for (int i = members.size(); i < size; i++) {
            members.add(
                    company.subscriber(
                            "device-" + i, "device/" + i + "/command", QoS.AT_MOST_ONCE));
        }
        if (company.connected() != size) {
            throw new IllegalStateException("not all are in");
        }
        return micros(begin);
    }

    /// Messages from one client to one other each, all over the crowd.
    ///
    /// @return how long one takes, in microseconds
    private double publish() {
        int topics = Math.min(members.size(), 1_000);
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < topics; i++) {
            long to = (long) i * members.size() / topics;
            messages.add(
                    Packets.bytes(Packets.publish("device/" + to + "/command", QoS.AT_MOST_ONCE)));
        }
        for (int i = 0; i < MESSAGES; i++) {
            company.send(members.getFirst(), messages.get(i % topics).rewind());
        }
        long begin = System.nanoTime();
        for (int i = 0; i < MESSAGES; i++) {
            company.send(members.getFirst(), messages.get(i % topics).rewind());
        }
        return micros(begin) / MESSAGES;
    }

    private static double micros(long begin) {
        return (System.nanoTime() - begin) / (double) TimeUnit.MICROSECONDS.toNanos(1);
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
