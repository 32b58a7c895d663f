package io.sotto.server;

/// The entry of the executable jar.
public final class Main {
    private Main() {}

    /// Starts what the arguments ask for.
    public static void main(String[] arguments) {
        System.err.println("sotto: nothing to serve yet");
        System.exit(1);
    }
}
