package io.sotto.interop;

import org.jspecify.annotations.Nullable;

/// What a client asks for. All but the filter and the QoS is of MQTT 5.0.
record Subscription(
        String filter,
        int qos,
        boolean noLocal,
        boolean retainAsPublished,
        int retainHandling,
        @Nullable Integer id) {
    static Subscription to(String filter, int qos) {
        return new Subscription(filter, qos, false, false, 0, null);
    }

    Subscription withoutOwn() {
        return new Subscription(filter, qos, true, retainAsPublished, retainHandling, id);
    }

    Subscription retainedAsPublished() {
        return new Subscription(filter, qos, noLocal, true, retainHandling, id);
    }

    Subscription retainHandling(int option) {
        return new Subscription(filter, qos, noLocal, retainAsPublished, option, id);
    }

    Subscription id(int its) {
        return new Subscription(filter, qos, noLocal, retainAsPublished, retainHandling, its);
    }
}
