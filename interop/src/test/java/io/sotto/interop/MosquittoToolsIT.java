package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// mosquitto_pub, mosquitto_sub and mosquitto_rr, as a person types them.
class MosquittoToolsIT {
    /// Before each message that mosquitto_sub prints; its other lines are its log.
    private static final String MARK = "message ";

    private static final int MANY = 10_000;

    private final List<Running> started = new ArrayList<>();
    private String root = "";

    @BeforeEach
    void find_a_place() {
        root = "interop/" + EveryVersion.unique() + "/";
    }

    @AfterEach
    void end_what_was_started() {
        started.reversed().forEach(Running::close);
    }

    @ParameterizedTest
    @CsvSource({
        "mqttv31,0", "mqttv31,1", "mqttv31,2",
        "mqttv311,0", "mqttv311,1", "mqttv311,2",
        "mqttv5,0", "mqttv5,1", "mqttv5,2"
    })
    void a_message_comes_through_a_wildcard(String version, String qos) {
        Running plus =
                listening(version, "%t %q %r %p", "-q", qos, "-t", root + "home/+/temperature");
        Running hash = listening(version, "%t %q %r %p", "-q", qos, "-t", root + "home/#");

        publish(version, "-q", qos, "-t", root + "home/oven/light", "-m", "on");
        publish(version, "-q", qos, "-t", root + "home/kitchen/temperature", "-m", "21.5");

        String light = root + "home/oven/light " + qos + " 0 on";
        String temperature = root + "home/kitchen/temperature " + qos + " 0 21.5";
        assertThat(messages(plus, 1)).containsExactly(temperature);
        assertThat(messages(hash, 2)).containsExactly(light, temperature);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void a_retained_message_waits_until_it_is_taken_away(String version) {
        publish(version, "-q", "1", "-r", "-t", root + "status", "-m", "on");
        assertThat(messages(listening(version, "%r %p", "-t", root + "status"), 1))
                .containsExactly("1 on");

        publish(version, "-q", "1", "-r", "-t", root + "status", "-n");

        Running late = listening(version, "%r %p", "-t", root + "status");
        publish(version, "-t", root + "status", "-m", "live");
        assertThat(messages(late, 1)).containsExactly("0 live");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void the_will_goes_out_after_kill_9(String version) {
        Running observer = listening(version, "%q %p", "-q", "2", "-t", root + "status");
        Running mortal =
                listening(
                        version,
                        "%p",
                        "-t",
                        root + "anything",
                        "--will-topic",
                        root + "status",
                        "--will-payload",
                        "died",
                        "--will-qos",
                        "2");

        mortal.kill();

        assertThat(messages(observer, 1)).containsExactly("2 died");
    }

    @ParameterizedTest
    @CsvSource({"mqttv31,1", "mqttv31,2", "mqttv311,1", "mqttv311,2", "mqttv5,1", "mqttv5,2"})
    void a_session_keeps_its_queue_in_order(String version, String qos) {
        List<String> session = session(version);
        List<String> filter = List.of("-q", qos, "-t", root + "queue");
        subscribeOnly(version, session, filter);
        publishLines(version, qos, root + "queue", EveryVersion.numbers(200));

        Running back = listening(version, "%q %p", joined(session, filter));

        assertThat(messages(back, 200))
                .isEqualTo(IntStream.range(0, 200).mapToObj(i -> qos + " " + i).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void nothing_is_queued_for_what_was_unsubscribed(String version) {
        List<String> session = session(version);
        List<String> kept = List.of("-q", "1", "-t", root + "kept");
        subscribeOnly(version, session, List.of("-q", "1", "-t", root + "left"));
        subscribeOnly(version, session, joinedList(kept, List.of("-U", root + "left")));
        publish(version, "-q", "1", "-t", root + "left", "-m", "unheard");
        publish(version, "-q", "1", "-t", root + "kept", "-m", "heard");

        Running back = listening(version, "%p", joined(session, kept));

        assertThat(messages(back, 1)).containsExactly("heard");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void members_of_a_group_share_the_work(String version) {
        String filter = "$share/crew/" + root + "jobs";
        Running one = listening(version, "%p", "-q", "1", "-t", filter);
        Running two = listening(version, "%p", "-q", "1", "-t", filter);

        publishLines(version, "1", root + "jobs", EveryVersion.numbers(40));

        List<String> ones = messages(one, 10);
        List<String> twos = messages(two, 10);
        assertThat(ones).doesNotContainAnyElementsOf(twos);
    }

    @ParameterizedTest
    @CsvSource({
        "mqttv31,0", "mqttv31,1", "mqttv31,2",
        "mqttv311,0", "mqttv311,1", "mqttv311,2",
        "mqttv5,0", "mqttv5,1", "mqttv5,2"
    })
    void a_large_file_arrives_whole(String version, String qos, @TempDir Path folder)
            throws IOException {
        String large = "0123456789abcdef".repeat(200 * 1024 / 16);
        Path file = Files.writeString(folder.resolve("large"), large);
        Running subscriber = listening(version, "%p", "-q", qos, "-t", root + "large");

        publish(version, "-q", qos, "-t", root + "large", "-f", file.toString());

        assertThat(messages(subscriber, 1).getFirst().equals(large)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"mqttv311,0", "mqttv311,1", "mqttv311,2", "mqttv5,0", "mqttv5,1", "mqttv5,2"})
    void ten_thousand_lines_come_in_order_none_lost_none_doubled(String version, String qos) {
        Running subscriber = listening(version, "%p", "-q", qos, "-t", root + "many");

        List<String> lines = joinedList(EveryVersion.numbers(MANY), List.of("last"));
        publishLines(version, qos, root + "many", lines);

        assertThat(messages(subscriber, MANY + 1).equals(lines)).isTrue();
    }

    @Test
    void a_request_finds_its_answer() {
        Running responder = listening("mqttv5", "%R %D %p", "-q", "1", "-t", root + "questions");
        Running requester =
                started(
                        tool("mosquitto_rr", "mqttv5"),
                        "-q",
                        "1",
                        "-t",
                        root + "questions",
                        "-e",
                        root + "answers",
                        "-m",
                        "how warm?",
                        "-D",
                        "publish",
                        "correlation-data",
                        "no7");

        String[] request = messages(responder, 1).getFirst().split(" ", 3);
        assertThat(request).containsExactly(root + "answers", "no7", "how warm?");
        publish("mqttv5", "-q", "1", "-t", request[0], "-m", "21.5");

        assertThat(requester.awaitSuccess()).contains("21.5");
    }

    @Test
    void the_properties_of_a_message_are_shown() {
        Running subscriber =
                listening("mqttv5", "%C|%R|%D|%P|%F|%p", "-q", "1", "-t", root + "properties");
        Running withExpiry = listening("mqttv5", "%E", "-q", "1", "-t", root + "properties");

        publish(
                "mqttv5",
                Stream.of(
                                List.of("-q", "1", "-t", root + "properties", "-m", "21.5"),
                                property("content-type", "text/plain"),
                                property("response-topic", "answers"),
                                property("correlation-data", "42"),
                                property("payload-format-indicator", "1"),
                                property("message-expiry-interval", "100"),
                                List.of("-D", "publish", "user-property", "room", "kitchen"),
                                List.of("-D", "publish", "user-property", "room", "pantry"))
                        .flatMap(List::stream)
                        .toArray(String[]::new));

        assertThat(messages(subscriber, 1))
                .containsExactly("text/plain|answers|42|room:kitchen room:pantry|1|21.5");
        assertThat(Integer.parseInt(messages(withExpiry, 1).getFirst())).isBetween(90, 100);
    }

    @Test
    void a_publisher_learns_that_nobody_listens() {
        List<String> log =
                publish("mqttv5", "-d", "-q", "1", "-t", root + "desert", "-m", "hello?");

        assertThat(log).anyMatch(line -> line.contains("PUBACK") && line.contains("RC:16"));
    }

    @Test
    void a_session_without_a_name_gets_one() {
        Running first = listening("mqttv5", "%p", "-t", root + "nameless");
        Running second = listening("mqttv311", "%p", "-t", root + "nameless");

        publish("mqttv5", "-t", root + "nameless", "-m", "hello");

        assertThat(messages(first, 1)).containsExactly("hello");
        assertThat(messages(second, 1)).containsExactly("hello");
    }

    @Test
    void the_versions_understand_each_other() {
        List<Running> subscribers =
                Stream.of("mqttv31", "mqttv311", "mqttv5")
                        .map(version -> listening(version, "%p", "-q", "2", "-t", root + "mixed"))
                        .toList();

        publish("mqttv31", "-q", "2", "-t", root + "mixed", "-m", "from 3.1");
        publish("mqttv311", "-q", "2", "-t", root + "mixed", "-m", "from 3.1.1");
        publish("mqttv5", "-q", "2", "-t", root + "mixed", "-m", "from 5.0");

        assertThat(subscribers)
                .allSatisfy(subscriber ->
                        assertThat(messages(subscriber, 3))
                                .containsExactly("from 3.1", "from 3.1.1", "from 5.0"));
    }

    /// A mosquitto_sub that is subscribed. What it prints of each message is the format's.
    private Running listening(String version, String format, String... arguments) {
        Running subscriber =
                started(
                        joinedList(
                                tool("mosquitto_sub", version), List.of("-d", "-F", MARK + format)),
                        arguments);
        subscriber.awaitLine("Subscribed (mid: ");
        return subscriber;
    }

    private static List<String> messages(Running subscriber, int count) {
        subscriber.awaitNth(count, line -> line.startsWith(MARK));
        return subscriber.lines().stream()
                .filter(line -> line.startsWith(MARK))
                .map(line -> line.substring(MARK.length()))
                .toList();
    }

    /// The arguments of a session that outlives its connection.
    private static List<String> session(String version) {
        List<String> session = List.of("-c", "-i", EveryVersion.unique());
        return version.equals("mqttv5") ? joinedList(session, List.of("-x", "600")) : session;
    }

    private void subscribeOnly(String version, List<String> session, List<String> filter) {
        started(joinedList(tool("mosquitto_sub", version), List.of("-E")), joined(session, filter))
                .awaitSuccess();
    }

    private List<String> publish(String version, String... arguments) {
        return started(tool("mosquitto_pub", version), arguments).awaitSuccess();
    }

    private void publishLines(String version, String qos, String topic, List<String> lines) {
        Running publisher = started(tool("mosquitto_pub", version), "-l", "-q", qos, "-t", topic);
        publisher.say(String.join("\n", lines) + "\n");
        publisher.endInput();
        publisher.awaitSuccess();
    }

    private static List<String> property(String name, String value) {
        return List.of("-D", "publish", name, value);
    }

    /// A line at a time, also into a pipe.
    private static List<String> tool(String name, String version) {
        String port = Integer.toString(Broker.port());
        return List.of("stdbuf", "-oL", name, "-h", "127.0.0.1", "-p", port, "-V", version);
    }

    private Running started(List<String> command, String... arguments) {
        Running running = Running.start(joinedList(command, List.of(arguments)));
        started.add(running);
        return running;
    }

    private static List<String> joinedList(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static String[] joined(List<String> first, List<String> second) {
        return joinedList(first, second).toArray(String[]::new);
    }
}
