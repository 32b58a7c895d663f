package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;

/// Answers what a client may do. Pure and quick: it is asked on the loop.
public interface Authorizer {
    /// A client, as rules see it.
    record Subject(Principal principal, String clientId, Origin origin, Pass pass) {
        /// A client whose login brought nothing along but its name.
        public Subject(Principal principal, String clientId, Origin origin) {
            this(principal, clientId, origin, Pass.NONE);
        }
    }

    /// Whether the client may publish there; also asked for a will, at CONNECT and when it fires.
    boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain);

    /// Whether the client may hold this subscription; a shared one is judged by its effective
    /// filter. Where the answer is no, lower QoS are asked about: what is granted may be less than
    /// what was asked for.
    boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos);

    /// Whether a message of this topic may be handed to the client: denials can be narrower than
    /// the filter of a subscription. Asked when a copy comes, and again when it is sent later.
    boolean mayReceive(Subject subject, TopicName topic);

    /// Whether a message may go on being retained that its author was once allowed to publish:
    /// asked each time it is to be handed to a new subscription.
    default boolean mayStay(Subject author, TopicName topic, QoS qos) {
        return mayPublish(author, topic, qos, true);
    }

    /// Changes whenever an answer could: what was cached for another version is asked again.
    int version();

    /// Everybody may do everything.
    Authorizer ALLOW_ALL =
            new Authorizer() {
                @Override
                public boolean mayPublish(
                        Subject subject, TopicName topic, QoS qos, boolean retain) {
                    return true;
                }

                @Override
                public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
                    return true;
                }

                @Override
                public boolean mayReceive(Subject subject, TopicName topic) {
                    return true;
                }

                @Override
                public int version() {
                    return 0;
                }
            };
}
