package io.sotto.interop;

import org.junit.jupiter.api.Nested;

/// The two Eclipse Paho clients for Java.
class PahoJavaIT {
    @Nested
    class Version_3_1 extends EveryVersion {
        @Override
        Library open() {
            return JvmLibrary.PAHO_3_1.open();
        }
    }

    @Nested
    class Version_3_1_1 extends SinceThreeOneOne {
        @Override
        Library open() {
            return JvmLibrary.PAHO_3_1_1.open();
        }
    }

    @Nested
    class Version_5 extends VersionFive {
        @Override
        Library open() {
            return JvmLibrary.PAHO_5.open();
        }
    }
}
