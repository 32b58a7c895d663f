package io.sotto.server.config;

/// A setting, as the documentation shows it.
///
/// @param name with dots between its sections
/// @param values what it may be
/// @param fallback what it is when it is not given
public record Key(String name, String values, String fallback) {}
