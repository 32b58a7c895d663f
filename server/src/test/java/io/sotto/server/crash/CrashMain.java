package io.sotto.server.crash;

import io.sotto.testkit.TemporaryFolders;
import java.nio.file.Files;
import java.nio.file.Path;

/// The long run of the crash rig: see `server/crash`.
final class CrashMain {
    private CrashMain() {}

    /// Runs as often as is asked for. What is left when a promise was broken stays.
    ///
    /// @param arguments the jar, how many kills, the seed, and the durability
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("sotto-crash");
        int rounds = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        Promise promise = Promise.of(arguments[3]);
        System.out.printf("seed %d, durability %s, in %s%n", seed, promise.durability(), folder);
        CrashRig.Outcome outcome;
        try (CrashRig rig = new CrashRig(Path.of(arguments[0]), folder, promise, seed)) {
            outcome = rig.run(rounds);
        }
        System.out.print(outcome);
        outcome.ledger().faults().forEach(System.out::println);
        if (outcome.ledger().faults().isEmpty()) {
            TemporaryFolders.delete(folder);
        }
        System.exit(outcome.ledger().faults().isEmpty() ? 0 : 1);
    }
}
