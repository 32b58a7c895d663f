package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The three programs of `smarthome`: each reaction arrives, once, whoever goes away meanwhile.
class SmartHomeIT {
    private final List<Running> started = new ArrayList<>();
    private String home = "";

    @BeforeEach
    void find_a_home() {
        home = "home-" + EveryVersion.unique();
    }

    @AfterEach
    void everybody_leaves() {
        started.reversed().forEach(Running::close);
    }

    @Test
    void the_home_reacts_to_temperature_motion_and_time() {
        Running automation = automation();
        Running phone = phone();
        Running kitchen = sensor("kitchen");
        Running hall = sensor("hall");

        measure(kitchen, "27.5");
        measure(hall, "16");
        measure(kitchen, "25");
        measure(kitchen, "22");
        measure(hall, "motion");
        automation.awaitLine("hall: motion by day");
        time("sunset");
        automation.awaitLine("it is dark");
        measure(hall, "motion");
        automation.awaitLine("hall: light on");
        time("sunrise");
        automation.awaitLine("it is day");
        measure(kitchen, "9");

        shows(phone, "hall/light/set off", 1);
        shows(phone, "kitchen/ac/set off", 2);
        assertThat(commands(phone, "kitchen"))
                .containsExactly(
                        "kitchen/ac/set on",
                        "kitchen/heater/set off",
                        "kitchen/ac/set off",
                        "kitchen/heater/set off",
                        "kitchen/heater/set on",
                        "kitchen/ac/set off");
        assertThat(commands(phone, "hall"))
                .containsExactly(
                        "hall/heater/set on",
                        "hall/ac/set off",
                        "hall/light/set on",
                        "hall/light/set off");
    }

    @Test
    void the_phone_catches_up_in_order_and_without_repetition() {
        automation();
        Running first = phone();
        Running sensor = sensor("attic");
        measure(sensor, "30");
        shows(first, "attic/heater/set off", 1);
        leave(first);
        // Now above and now below the limits: each reading has two reactions.
        IntStream.range(0, 50).forEach(i -> measure(sensor, i % 2 == 0 ? "10" : "30"));

        Running second = start("phone.py");

        second.awaitLine("the broker has kept its session");
        // Each pair of readings turns the heater off once.
        shows(second, "attic/heater/set off", 25);
        assertThat(commands(second, "attic"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 25)
                                .boxed()
                                .flatMap(_ ->
                                        Stream.of(
                                                "attic/heater/set on",
                                                "attic/ac/set off",
                                                "attic/ac/set on",
                                                "attic/heater/set off"))
                                .toList());
    }

    @Test
    void a_phone_whose_battery_dies_finds_what_it_missed() {
        automation();
        Running first = phone();
        Running sensor = sensor("cellar");
        measure(sensor, "30");
        shows(first, "cellar/heater/set off", 1);
        first.kill();
        measure(sensor, "10");
        measure(sensor, "22");

        Running second = start("phone.py");

        shows(second, "cellar/heater/set off", 1);
        assertThat(commands(second, "cellar"))
                .containsExactly(
                        "cellar/heater/set on",
                        "cellar/ac/set off",
                        "cellar/ac/set off",
                        "cellar/heater/set off");
    }

    @Test
    void everybody_learns_that_the_sensor_died() {
        Running phone = phone();
        Running sensor = sensor("garage");
        shows(phone, "garage/sensor/status online", 1);

        sensor.kill();

        shows(phone, "garage/sensor/status lost", 1);
        Running visitor = start("phone.py", "--id", "visitor");
        shows(visitor, "garage/sensor/status lost", 1);
    }

    @Test
    void a_sensor_that_says_goodbye_is_offline_and_not_lost() {
        Running phone = phone();
        Running sensor = sensor("garden");

        sensor.endInput();
        sensor.awaitSuccess();

        shows(phone, "garden/sensor/status offline", 1);
        Running again = sensor("garden");
        shows(phone, "garden/sensor/status online", 2);
        assertThat(again.isAlive()).isTrue();
        assertThat(phone.lines()).noneMatch(line -> line.endsWith("lost"));
    }

    @Test
    void the_automation_reacts_to_what_it_missed() {
        Running automation = automation();
        Running phone = phone();
        Running sensor = sensor("loft");
        leave(automation);
        measure(sensor, "28");

        automation();
        measure(sensor, "22");

        shows(phone, "loft/heater/set off", 2);
        assertThat(commands(phone, "loft"))
                .containsExactly(
                        "loft/ac/set on",
                        "loft/heater/set off",
                        "loft/ac/set off",
                        "loft/heater/set off");
    }

    private Running automation() {
        Running automation = start("automation.py");
        automation.awaitLine("automation is ready");
        return automation;
    }

    private Running phone() {
        Running phone = start("phone.py");
        phone.awaitLine("phone is subscribed");
        return phone;
    }

    private Running sensor(String room) {
        Running sensor = start("sensor.py", "--room", room);
        sensor.awaitLine(room + " sensor is online");
        return sensor;
    }

    private Running start(String program, String... arguments) {
        List<String> command = new ArrayList<>(Processes.python(Path.of("smarthome", program)));
        command.addAll(List.of("--port", Integer.toString(Broker.port()), "--home", home));
        command.addAll(List.of(arguments));
        Running running = Running.start(command);
        started.add(running);
        return running;
    }

    /// SIGTERM, to which the programs listen as to Ctrl-C.
    private static void leave(Running program) {
        program.close();
        program.awaitSuccess();
    }

    /// Lets the sensor measure, and waits until the broker has it.
    private static void measure(Running sensor, String reading) {
        long before = sensor.lines().stream().filter(("sent " + reading)::equals).count();
        sensor.say(reading + "\n");
        sensor.awaitNth((int) before + 1, ("sent " + reading)::equals);
    }

    private void time(String event) {
        Running publisher =
                Running.start(
                        List.of(
                                "mosquitto_pub",
                                "-p",
                                Integer.toString(Broker.port()),
                                "-q",
                                "1",
                                "-r",
                                "-t",
                                home + "/time",
                                "-m",
                                event));
        started.add(publisher);
        publisher.awaitSuccess();
    }

    private void shows(Running phone, String line, int times) {
        phone.awaitNth(times, (home + "/" + line)::equals);
    }

    /// What the phone saw of the commands to a room, in order.
    private List<String> commands(Running phone, String room) {
        return phone.lines().stream()
                .filter(line -> line.startsWith(home + "/" + room) && line.contains("/set "))
                .map(line -> line.substring(home.length() + 1))
                .toList();
    }
}
