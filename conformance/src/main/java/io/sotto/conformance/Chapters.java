package io.sotto.conformance;

import io.sotto.conformance.chapters.AuthTest;
import io.sotto.conformance.chapters.CapabilitiesTest;
import io.sotto.conformance.chapters.ConnectPayloadTest;
import io.sotto.conformance.chapters.ConnectTest;
import io.sotto.conformance.chapters.DisconnectTest;
import io.sotto.conformance.chapters.FlowControlTest;
import io.sotto.conformance.chapters.FramingTest;
import io.sotto.conformance.chapters.HostileTest;
import io.sotto.conformance.chapters.KeepAliveTest;
import io.sotto.conformance.chapters.LoginTest;
import io.sotto.conformance.chapters.MessagePropertiesTest;
import io.sotto.conformance.chapters.PacketSizeTest;
import io.sotto.conformance.chapters.PublishTest;
import io.sotto.conformance.chapters.QosTest;
import io.sotto.conformance.chapters.RetainTest;
import io.sotto.conformance.chapters.SessionTest;
import io.sotto.conformance.chapters.SharedSubscriptionTest;
import io.sotto.conformance.chapters.SubscribeTest;
import io.sotto.conformance.chapters.TopicAliasTest;
import io.sotto.conformance.chapters.TopicsTest;
import io.sotto.conformance.chapters.UnsubscribeTest;
import io.sotto.conformance.chapters.WebSocketTest;
import io.sotto.conformance.chapters.WillTest;
import java.util.List;

/// The classes that hold the tests, in the order of the standard.
final class Chapters {
    static final List<Class<?>> ALL =
            List.of(
                    ConnectTest.class,
                    ConnectPayloadTest.class,
                    LoginTest.class,
                    SessionTest.class,
                    WillTest.class,
                    KeepAliveTest.class,
                    PublishTest.class,
                    RetainTest.class,
                    MessagePropertiesTest.class,
                    TopicAliasTest.class,
                    FlowControlTest.class,
                    PacketSizeTest.class,
                    CapabilitiesTest.class,
                    QosTest.class,
                    SubscribeTest.class,
                    UnsubscribeTest.class,
                    DisconnectTest.class,
                    AuthTest.class,
                    TopicsTest.class,
                    SharedSubscriptionTest.class,
                    FramingTest.class,
                    WebSocketTest.class,
                    HostileTest.class);

    private Chapters() {}
}
