package io.sotto.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The hostile inputs that a test of our own process stands for.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Hostile {
    String[] value();
}
