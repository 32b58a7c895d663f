package io.sotto.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The statements of the two standards and the hostile inputs, by id; those that are tested in
/// another module, since they bind clients; and those that are waived.
public final class SpecTable {
    private static final String ID_5 = "MQTT-";
    private static final String ID_311 = "MQTT3-";

    private final Map<String, String> statements = new LinkedHashMap<>();
    private final Map<String, Hostile> hostileInputs = new LinkedHashMap<>();
    private final Map<String, String> hostileNotes = new LinkedHashMap<>();
    private final Map<String, String> elsewhere = new LinkedHashMap<>();

    private SpecTable() {}

    /// A hostile input.
    ///
    /// @param layer what it attacks
    public record Hostile(String layer, String input, String reaction) {}

    public static SpecTable load() {
        SpecTable table = new SpecTable();
        for (List<String> row : rows("mqtt-3.1.1.tsv")) {
            table.statements.put(ID_311 + row.get(0).substring(ID_5.length()), row.get(3));
        }
        for (List<String> row : rows("mqtt-5.0.tsv")) {
            table.statements.put(row.get(0), row.get(3));
        }
        for (List<String> row : rows("hostile-inputs.tsv")) {
            table.hostileInputs.put(row.get(0), new Hostile(row.get(1), row.get(2), row.get(3)));
        }
        for (List<String> row : rows("hostile-notes.tsv")) {
            table.hostileNotes.put(row.get(0), row.get(1));
        }
        for (List<String> row : rows("elsewhere.tsv")) {
            table.elsewhere.put(row.get(0), row.get(1));
        }
        return table;
    }

    /// What each statement says, by its id; those of 3.1.1 first.
    public Map<String, String> statements() {
        return Collections.unmodifiableMap(statements);
    }

    /// What each hostile input is and what it calls for, by its id.
    public Map<String, Hostile> hostileInputs() {
        return Collections.unmodifiableMap(hostileInputs);
    }

    /// How far the tests of a hostile input go, or what it waits for, by its id.
    public Map<String, String> hostileNotes() {
        return Collections.unmodifiableMap(hostileNotes);
    }

    /// The module and the test of a statement that is tested elsewhere, by its id. That these tests
    /// exist and name it is held by `house`.
    public Map<String, String> elsewhere() {
        return Collections.unmodifiableMap(elsewhere);
    }

    public boolean knows(String id) {
        return statements.containsKey(id) || hostileInputs.containsKey(id);
    }

    /// The version that a statement belongs to; hostile inputs are sent under 5.0.
    public static Version versionOf(String id) {
        return id.startsWith(ID_311) ? Version.V311 : Version.V5;
    }

    private static List<List<String>> rows(String resource) {
        try (InputStream in = SpecTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .skip(1)
                    .filter(line -> !line.isBlank())
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
