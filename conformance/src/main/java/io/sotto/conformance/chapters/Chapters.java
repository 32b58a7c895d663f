package io.sotto.conformance.chapters;

import java.util.List;

/// The classes that hold the tests, in the order of the standard.
public final class Chapters {
    public static final List<Class<?>> ALL =
            List.of(
                    ConnectTest.class,
                    ConnectPayloadTest.class,
                    Version31Test.class,
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
                    ScramTest.class,
                    FullDiskTest.class,
                    TopicsTest.class,
                    SharedSubscriptionTest.class,
                    FramingTest.class,
                    WebSocketTest.class,
                    HostileTest.class);

    private Chapters() {}
}
