package io.sotto.cli;

import io.sotto.mqtt.Publish;
import java.time.ZonedDateTime;

/// A message with the time at which it came.
///
/// @param properties whether the version in use has properties
record Arrival(Publish message, ZonedDateTime time, boolean properties) {}
