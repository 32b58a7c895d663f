package io.sotto.transport;

import io.sotto.transport.TlsSettings.Engine;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A test that runs once with each engine of TLS.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ParameterizedTest
@EnumSource(
        value = Engine.class,
        names = {"JDK", "BORINGSSL"})
@interface WithEachEngine {}
