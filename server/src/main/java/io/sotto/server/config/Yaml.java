package io.sotto.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.sotto.server.config.Node.Items;
import io.sotto.server.config.Node.Mapping;
import io.sotto.server.config.Node.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads the one document of a YAML text, without anchors and aliases.
final class Yaml {
    private final YAMLParser parser;
    private final List<Fault> faults;

    private Yaml(YAMLParser parser, List<Fault> faults) {
        this.parser = parser;
        this.faults = faults;
    }

    /// The document; what is wrong with it is added to the faults.
    static Mapping read(String text, List<Fault> faults) {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            return new Yaml(parser, faults).document();
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            faults.add(new Fault(line, "this is not YAML: " + firstLine(e.getOriginalMessage())));
            return Mapping.empty();
        } catch (IOException e) {
            faults.add(new Fault(0, "cannot be read: " + e.getMessage()));
            return Mapping.empty();
        }
    }

    private static String firstLine(String message) {
        return message.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }

    private Mapping document() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return Mapping.empty();
        }
        if (first != JsonToken.START_OBJECT) {
            faults.add(new Fault(line(), "the file is to hold keys and values, as in `loops: 2`"));
            return Mapping.empty();
        }
        Mapping mapping = mapping();
        if (parser.nextToken() != null) {
            faults.add(new Fault(line(), "a second document is not read"));
        }
        return mapping;
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private Node node() throws IOException {
        int line = line();
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            faults.add(new Fault(line, "anchors and aliases are not read"));
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping();
            case START_ARRAY -> items(line);
            case VALUE_NULL -> new Scalar(null, line);
            default -> new Scalar(parser.getText(), line);
        };
    }

    private Items items(int line) throws IOException {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node());
        }
        return new Items(items, line);
    }

    private Mapping mapping() throws IOException {
        int line = line();
        LinkedHashMap<String, Node> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            parser.nextToken();
            Node value = at(keyLine, node());
            Node earlier = entries.putIfAbsent(key, value);
            if (earlier != null) {
                faults.add(
                        new Fault(
                                keyLine, key + " is given twice, first on line " + earlier.line()));
            }
        }
        return new Mapping(entries, line);
    }

    /// A value counts as being on the line of its key.
    private static Node at(int line, Node node) {
        return switch (node) {
            case Scalar scalar -> new Scalar(scalar.text(), line);
            case Items items -> new Items(items.items(), line);
            case Mapping mapping -> new Mapping(mapping.entries(), line);
        };
    }
}
