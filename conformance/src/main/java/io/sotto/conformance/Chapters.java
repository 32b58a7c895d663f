package io.sotto.conformance;

import io.sotto.conformance.chapters.ConnectPayloadTest;
import io.sotto.conformance.chapters.ConnectTest;
import io.sotto.conformance.chapters.FlowControlTest;
import io.sotto.conformance.chapters.KeepAliveTest;
import io.sotto.conformance.chapters.MessagePropertiesTest;
import io.sotto.conformance.chapters.PacketSizeTest;
import io.sotto.conformance.chapters.PublishTest;
import io.sotto.conformance.chapters.RetainTest;
import io.sotto.conformance.chapters.SessionTest;
import io.sotto.conformance.chapters.TopicAliasTest;
import io.sotto.conformance.chapters.WillTest;
import java.util.List;

/// The classes that hold the tests, in the order of the standard.
final class Chapters {
    static final List<Class<?>> ALL =
            List.of(
                    ConnectTest.class,
                    ConnectPayloadTest.class,
                    SessionTest.class,
                    WillTest.class,
                    KeepAliveTest.class,
                    PublishTest.class,
                    RetainTest.class,
                    MessagePropertiesTest.class,
                    TopicAliasTest.class,
                    FlowControlTest.class,
                    PacketSizeTest.class);

    private Chapters() {}
}
