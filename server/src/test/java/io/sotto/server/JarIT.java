package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/// What is in the executable jar, and what it may weigh.
class JarIT {
    private static final Path JAR = Path.of(System.getProperty("sotto.jar"));
    private static final long MOST = 40_000_000;

    @Test
    void weighs_less_than_40_megabytes() throws IOException {
        assertThat(Files.size(JAR)).isLessThan(MOST);
    }

    @Test
    void has_the_native_libraries_of_five_platforms() throws IOException {
        try (ZipFile jar = new ZipFile(JAR.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName).filter(JarIT::isNative).toList())
                    .contains(
                            "librocksdbjni-linux64.so",
                            "librocksdbjni-linux-aarch64.so",
                            "librocksdbjni-osx-arm64.jnilib",
                            "librocksdbjni-osx-x86_64.jnilib",
                            "librocksdbjni-win64.dll",
                            "META-INF/native/libnetty_tcnative_linux_x86_64.so",
                            "META-INF/native/libnetty_tcnative_linux_aarch_64.so",
                            "META-INF/native/libnetty_tcnative_osx_aarch_64.jnilib",
                            "META-INF/native/libnetty_tcnative_osx_x86_64.jnilib",
                            "META-INF/native/netty_tcnative_windows_x86_64.dll");
        }
    }

    private static boolean isNative(String name) {
        return name.endsWith(".so") || name.endsWith(".jnilib") || name.endsWith(".dll");
    }

    /// Classes that nothing refers to are left out of the jar: here is seen that only those were.
    @Test
    void lacks_no_class_that_the_broker_refers_to() {
        String jar = JAR.toString();
        StringWriter said = new StringWriter();

        ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "--multi-release",
                        "base",
                        "-verbose:class",
                        "-filter:none",
                        "-cp",
                        jar,
                        jar);

        List<String> lines = said.toString().lines().map(String::strip).toList();
        assertThat(lines).anyMatch(line -> line.startsWith("io.sotto.server.Main"));
        assertThat(lines).anyMatch(line -> line.startsWith("org.bouncycastle"));
        assertThat(lines.stream().filter(JarIT::isMissing).toList()).isEmpty();
    }

    private static boolean isMissing(String line) {
        String low = line.toLowerCase(Locale.ROOT);
        return low.endsWith("not found")
                && (low.startsWith("io.sotto") || low.startsWith("org.bouncycastle"));
    }
}
