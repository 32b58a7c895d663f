package io.sotto.fuzz;

import java.util.List;
import java.util.Locale;

/// What is fuzzed.
enum Target {
    CODEC(CodecTarget.class, 256, "io.sotto.mqtt.**"),
    DIFFERENTIAL(DifferentialTarget.class, 256, "io.sotto.mqtt.**:io.netty.handler.codec.mqtt.**"),
    TOPICS(TopicsTarget.class, 128, "io.sotto.mqtt.**:io.sotto.broker.topic.**"),
    CONFIG(ConfigTarget.class, 1024, "io.sotto.server.config.**"),
    SESSION(SessionTarget.class, 512, "io.sotto.broker.**:io.sotto.mqtt.**");

    private final Class<?> type;
    private final int longest;
    private final String watched;

    /// @param longest the longest input in bytes
    /// @param watched the classes whose branches guide the fuzzer
    Target(Class<?> type, int longest, String watched) {
        this.type = type;
        this.longest = longest;
        this.watched = watched;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    void run(byte[] input) {
        switch (this) {
            case CODEC -> CodecTarget.fuzzerTestOneInput(input);
            case DIFFERENTIAL -> DifferentialTarget.fuzzerTestOneInput(input);
            case TOPICS -> TopicsTarget.fuzzerTestOneInput(input);
            case CONFIG -> ConfigTarget.fuzzerTestOneInput(input);
            case SESSION -> SessionTarget.fuzzerTestOneInput(input);
        }
    }

    /// How Jazzer is told. Its detectors of injections and the like look for what is not here, and
    /// cost much.
    List<String> arguments() {
        return List.of(
                "--target_class=" + type.getName(),
                "--instrumentation_includes=" + watched,
                "--custom_hook_includes=io.sotto.none.**",
                "-len_control=0",
                "-max_len=" + longest);
    }
}
