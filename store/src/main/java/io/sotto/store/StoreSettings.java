package io.sotto.store;

import io.sotto.broker.spi.Durability;
import java.nio.file.Path;

/// Where and how data is kept.
///
/// @param folder where the store lies; setting `data`
/// @param durability setting `durability`
/// @param reserve how many bytes are left free on the disk: below that nothing is taken that would
///   have to be kept, until there is room again; setting `store.reserve`
/// @param damaged setting `store.damaged`
public record StoreSettings(Path folder, Durability durability, long reserve, WhenDamaged damaged) {
    public static final StoreSettings DEFAULT =
            new StoreSettings(Path.of("data"), Durability.SYNC, 64L << 20, WhenDamaged.SERVE);
}
