package io.sotto.cli.bench;

import io.sotto.client.Wire;
import io.sotto.mqtt.Connect;

/// How one client of a measurement reaches the broker, and what it says first.
public record Peer(Wire.Opener way, Connect connect) {}
