package io.sotto.broker;

import io.sotto.broker.session.Line;
import io.sotto.broker.time.Timer;
import io.sotto.broker.time.TimerWheel;
import io.sotto.mqtt.ReasonCode;

/// Ends a connection when the login of its client holds no longer.
final class Expiry extends Timer {
    private final Line.End end;
    private final TimerWheel wheel;

    Expiry(Line.End end, TimerWheel wheel) {
        this.end = end;
        this.wheel = wheel;
    }

    /// The login holds for so long from now on.
    ///
    /// @param millis 0 for ever
    void after(long millis, long now) {
        cancel();
        if (millis > 0) {
            wheel.set(this, now + millis);
        }
    }

    @Override
    protected void expired(long now) {
        end.disconnect(ReasonCode.MAXIMUM_CONNECT_TIME, "what it logged in with has expired", now);
    }
}
