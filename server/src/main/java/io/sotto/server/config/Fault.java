package io.sotto.server.config;

/// One thing that is wrong with a configuration.
///
/// @param line where, from 1, or 0 when it is about no line
/// @param sentence what is wrong and what would be right
public record Fault(int line, String sentence) {}
