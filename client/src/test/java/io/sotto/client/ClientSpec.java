package io.sotto.client;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The statements of the standards about clients that a test holds ours to, numbered as `Spec` of
/// the conformance suite does. `docs/client-statements.md` lists them all.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface ClientSpec {
    String[] value();
}
