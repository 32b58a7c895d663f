package io.sotto.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every statement of the standards that binds a client, and the tests that hold ours to it.
class ClientStatementsTest {
    private static final Path PAGE = Path.of("..", "docs", "client-statements.md");
    private static final Path TABLES =
            Path.of("..", "conformance", "src", "main", "resources", "io", "sotto", "conformance");

    /// Those that ask nothing of this client, and why.
    private static final Map<String, String> EMPTY =
            Map.of(
                    "MQTT-4.3.3-9",
                    "the client refuses no message: its PUBREC never has a code of 0x80 or above",
                    "MQTT-4.12.1-1",
                    "the client does not authenticate again within a connection",
                    "MQTT-4.12.1-2",
                    "the client does not authenticate again within a connection",
                    "MQTT3-4.8.0-2",
                    "an error of this kind is one of the network, which has ended the connection",
                    "MQTT3-7.0.0-1",
                    "about brokers that connect to brokers",
                    "MQTT3-7.0.0-2",
                    "the client has no extension: `interop` has it talk to mosquitto");

    @Test
    void the_page_has_each_statement_with_its_tests() throws IOException {
        Map<String, String> statements = statements();
        Map<String, SortedSet<String>> tests = tests();
        StringBuilder table = new StringBuilder();
        statements.forEach((id, says) ->
                table.append("| %s | %s | %s |%n".formatted(id, says, shown(id, tests))));
        String head = Files.readString(PAGE).split("(?m)^\\| --- .*\n", 2)[0];
        String whole = head + "| --- | --- | --- |\n" + table;
        Files.writeString(Path.of("target", "client-statements.md"), whole);

        assertThat(statements.keySet()).containsAll(tests.keySet());
        assertThat(tests.keySet()).doesNotContainAnyElementsOf(EMPTY.keySet());
        assertThat(
                        statements.keySet().stream()
                                .filter(id -> !tests.containsKey(id) && !EMPTY.containsKey(id))
                                .toList())
                .isEmpty();
        assertThat(PAGE).hasContent(whole);
    }

    private static String shown(String id, Map<String, SortedSet<String>> tests) {
        SortedSet<String> its = tests.get(id);
        return its == null ? "– " + EMPTY.getOrDefault(id, "nothing") : String.join("<br>", its);
    }

    /// What each of them says, by its id.
    private static Map<String, String> statements() throws IOException {
        Map<String, String> statements = new LinkedHashMap<>();
        for (String version : List.of("mqtt-3.1.1", "mqtt-5.0")) {
            String prefix = version.equals("mqtt-5.0") ? "MQTT-" : "MQTT3-";
            for (String line : Files.readAllLines(TABLES.resolve(version + ".tsv"))) {
                List<String> row = Arrays.asList(line.split("\t", -1));
                if (row.size() > 3 && List.of("client", "both").contains(row.get(2))) {
                    statements.put(
                            prefix + row.get(0).substring("MQTT-".length()),
                            row.get(3).replace("|", "\\|"));
                }
            }
        }
        return statements;
    }

    /// The tests of this package by the statements that they name.
    private static Map<String, SortedSet<String>> tests() throws IOException {
        Map<String, SortedSet<String>> tests = new TreeMap<>();
        Path here = Path.of("src", "test", "java", "io", "sotto", "client");
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(here)) {
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith("Test.java"))
                    .forEach(file -> names.add(file.replace(".java", "")));
        }
        for (String name : names) {
            for (Method method : load(name).getDeclaredMethods()) {
                ClientSpec spec = method.getAnnotation(ClientSpec.class);
                for (String id : spec == null ? new String[0] : spec.value()) {
                    tests.computeIfAbsent(id, absent -> new TreeSet<>())
                            .add("`" + name + "." + method.getName() + "`");
                }
            }
        }
        return tests;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName("io.sotto.client." + name);
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(new IOException(name + " is not there", e));
        }
    }
}
