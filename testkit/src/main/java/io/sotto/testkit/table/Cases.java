package io.sotto.testkit.table;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.testkit.table.Reaction.Answer;
import io.sotto.testkit.table.Reaction.Dismissal;
import io.sotto.testkit.table.Reaction.End;
import io.sotto.testkit.table.Reaction.Patience;
import io.sotto.testkit.table.Reaction.Refusal;
import io.sotto.testkit.table.Reaction.Silence;
import io.sotto.testkit.table.Reaction.Welcome;
import java.util.ArrayList;
import java.util.List;

/// Cases of one version at one moment, as they are written down.
final class Cases {
    static final int MALFORMED = 0x81;
    static final int PROTOCOL_ERROR = 0x82;
    static final int UNSUPPORTED_VERSION = 0x84;
    static final int TOPIC_NAME_INVALID = 0x90;
    static final int TOPIC_ALIAS_INVALID = 0x94;
    static final int PACKET_TOO_LARGE = 0x95;

    private final List<PacketCase> all = new ArrayList<>();
    private final ProtocolVersion version;
    private final boolean first;

    /// @param first whether the packets come before the login
    Cases(ProtocolVersion version, boolean first) {
        this.version = version;
        this.first = first;
    }

    static Reaction welcome() {
        return new Welcome();
    }

    static Reaction answer(String hex) {
        return new Answer(hex.replace(" ", ""));
    }

    static Reaction silence() {
        return new Silence();
    }

    static Reaction end() {
        return new End();
    }

    ProtocolVersion version() {
        return version;
    }

    boolean isFirst() {
        return first;
    }

    List<PacketCase> all() {
        return all;
    }

    private void add(String title, byte[] bytes, int fault, Reaction reaction) {
        all.add(new PacketCase(title, version, first, Payload.copyOf(bytes), fault, reaction));
    }

    /// A packet that is read.
    void good(String title, byte[] bytes, Reaction reaction) {
        add(title, bytes, 0, reaction);
    }

    /// A packet that waits for more bytes.
    void partial(String title, byte[] bytes) {
        add(title, bytes, 0, new Patience());
    }

    /// A packet that no decoder takes.
    void bad(String title, byte[] bytes, int code) {
        add(title, bytes, code, told(code));
    }

    /// A first packet that no decoder takes, before it is known in which version to answer.
    void untold(String title, byte[] bytes, int code) {
        add(title, bytes, code, new End());
    }

    /// A first packet of a version that is not served, which is told in the form of another.
    void unserved(String title, byte[] bytes, int told) {
        add(title, bytes, UNSUPPORTED_VERSION, new Refusal(told));
    }

    /// A packet that can be read, but may not be said here.
    void forbidden(String title, byte[] bytes, int code) {
        add(title, bytes, 0, told(code));
    }

    /// A packet that ends early where it may.
    void ending(String title, byte[] bytes, Sample.Ending ending) {
        add(title, bytes, ending.fault(), ending.reaction());
    }

    /// Good where the code is 0, else bad.
    void judged(String title, byte[] bytes, int code, Reaction reaction) {
        if (code == 0) {
            good(title, bytes, reaction);
        } else {
            bad(title, bytes, code);
        }
    }

    /// CONNACK with the code of 5.0 or the return code of 3.x.
    Reaction refusal(int code, int returnCode) {
        return new Refusal(version == ProtocolVersion.MQTT_5 ? code : returnCode);
    }

    /// How a fault ends the connection: 5.0 is told by its code [MQTT-4.13.1-1], 3.x is not
    /// [MQTT3-4.8.0-1] [MQTT3-3.1.4-1].
    private Reaction told(int code) {
        if (version != ProtocolVersion.MQTT_5) {
            return new End();
        }
        return first ? new Refusal(code) : new Dismissal(code);
    }
}
