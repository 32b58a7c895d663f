package io.sotto.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The statements of the standards that a test holds a broker to.
///
/// Statements of MQTT 5.0 are written as the standard numbers them (`MQTT-3.1.0-2`), those of 3.1.1
/// with a 3 (`MQTT3-3.1.0-2`), since the two number alike and mean different things. A test with
/// statements of both versions runs once for each.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Spec {
    String[] value();

    /// What the statements ask for, in a few words.
    String says();
}
