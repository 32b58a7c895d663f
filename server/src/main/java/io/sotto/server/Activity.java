package io.sotto.server;

import io.sotto.broker.Shard;
import io.sotto.broker.Shard.Active;
import io.sotto.broker.session.Line.Flow;
import io.sotto.server.Reload.Report;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Says which clients are the busiest: looks at what went over each connection, twice.
///
/// @param shards of the broker
record Activity(List<Shard> shards) {
    private static final Pattern FORM = Pattern.compile("clients (\\d{1,3}) (\\d{1,5})");

    private static final Flow NOTHING = new Flow(0, 0, 0, 0);
    private static final int PATIENCE = 5;

    /// What a client does in a second.
    private record Rates(Active client, double in, double out, double bytes) {
        double packets() {
            return in + out;
        }

        /// A line of numbers and of words without spaces, which others take apart.
        String line() {
            String user = client.subject().principal().name();
            return String.format(
                    Locale.ROOT,
                    "%.2f %.2f %.1f %s %s %s",
                    in,
                    out,
                    bytes,
                    word(client.subject().clientId()),
                    user.isEmpty() ? "-" : word(user),
                    word(client.subject().origin().toString()));
        }

        private static String word(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }

    /// Whether a command is for this.
    static boolean isAskedBy(String command) {
        return command.startsWith("clients");
    }

    /// Answers `clients N MILLIS` with how many clients there are, and a line for each of the N
    /// with the most packets within so many milliseconds: packets in and out and bytes of both, all
    /// a second, client id, user and where it comes from.
    Report answer(String command) {
        Matcher asked = FORM.matcher(command);
        if (!asked.matches()) {
            return new Report(2, List.of("clients N MILLIS, up to 999 and 99999"));
        }
        try {
            Map<String, Active> before = look();
            long began = System.nanoTime();
            Thread.sleep(Integer.parseInt(asked.group(2)));
            Map<String, Active> after = look();
            double seconds = Math.max(1, System.nanoTime() - began) / 1e9;
            List<String> lines = new ArrayList<>();
            lines.add(Integer.toString(after.size()));
            after.entrySet().stream()
                    .map(client -> rates(before.get(client.getKey()), client.getValue(), seconds))
                    .sorted(Comparator.comparingDouble(Rates::packets).reversed())
                    .limit(Integer.parseInt(asked.group(1)))
                    .forEach(rates -> lines.add(rates.line()));
            return new Report(0, lines);
        } catch (TimeoutException e) {
            return new Report(1, List.of("a loop does not answer"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Report(1, List.of("the broker stops"));
        }
    }

    private Map<String, Active> look() throws InterruptedException, TimeoutException {
        CountDownLatch told = new CountDownLatch(shards.size());
        List<Active> all = new ArrayList<>();
        for (Shard shard : shards) {
            shard.active(some -> {
                synchronized (all) {
                    all.addAll(some);
                }
                told.countDown();
            });
        }
        if (!told.await(PATIENCE, TimeUnit.SECONDS)) {
            throw new TimeoutException();
        }
        Map<String, Active> byClientId = new HashMap<>();
        synchronized (all) {
            all.forEach(client -> byClientId.put(client.subject().clientId(), client));
        }
        return byClientId;
    }

    private static Rates rates(@Nullable Active before, Active after, double seconds) {
        Flow now = after.flow();
        // Whoever came back meanwhile began to count again.
        boolean isSame = before != null && before.flow().bytesIn() <= now.bytesIn();
        Flow then = before != null && isSame ? before.flow() : NOTHING;
        return new Rates(
                after,
                (now.packetsIn() - then.packetsIn()) / seconds,
                (now.packetsOut() - then.packetsOut()) / seconds,
                (now.bytesIn() - then.bytesIn() + now.bytesOut() - then.bytesOut()) / seconds);
    }
}
