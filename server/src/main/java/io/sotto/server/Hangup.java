package io.sotto.server;

import java.lang.reflect.Proxy;

/// The signal SIGHUP, by which operators have a program read its configuration again.
///
/// The JDK has no supported way to take a signal. The one that all JVMs in use have is reached by
/// its name; where it is missing, `sotto reload` remains.
final class Hangup {
    private Hangup() {}

    /// Has something done whenever the signal comes, on a thread of the JVM.
    ///
    /// @return whether that can be had here
    static boolean does(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object does =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (self, method, arguments) -> {
                                if (method.getName().equals("handle")) {
                                    action.run();
                                    return null;
                                }
                                return method.getName().equals("hashCode") ? 1 : null;
                            });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), does);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // Not here, as on Windows, or the JVM keeps it for itself (-Xrs).
            return false;
        }
    }
}
