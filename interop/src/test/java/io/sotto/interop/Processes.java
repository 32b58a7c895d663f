package io.sotto.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How the programs of this module are called.
final class Processes {
    /// Debian's python, since Debian's paho belongs to it.
    static final String PYTHON = "/usr/bin/python3";

    private Processes() {}

    static List<String> python(Path script) {
        return List.of(PYTHON, "-u", existing(script).toString());
    }

    static List<String> node(Path script) {
        if (!Files.isDirectory(script.resolveSibling("node_modules"))) {
            throw new AssertionError("MQTT.js is not installed: run interop/setup");
        }
        return List.of("node", existing(script).toString());
    }

    /// A class of this module in a JVM of its own.
    static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(javaBinary());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        command.add("-Dinterop.port=" + Broker.port());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static String javaBinary() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path existing(Path script) {
        if (!Files.isRegularFile(script)) {
            throw new AssertionError("no " + script.toAbsolutePath());
        }
        return script;
    }
}
