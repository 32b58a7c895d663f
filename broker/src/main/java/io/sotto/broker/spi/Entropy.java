package io.sotto.broker.spi;

/// Unpredictable bits: for assigned client ids and hash seeds. Under a simulator they come from its
/// seed. Safe to call from any shard.
public interface Entropy {
    long next();
}
