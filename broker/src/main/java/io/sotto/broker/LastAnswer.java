package io.sotto.broker;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Message;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.TopicName;
import org.jspecify.annotations.Nullable;

/// The last answer to whether a client may publish: most clients publish to one topic again and
/// again.
final class LastAnswer {
    private final Authorizer authorizer;
    private TopicName topic = TopicName.ABSENT;
    private int asked;
    private int rules;
    private Subject subject;
    private @Nullable Subject author;
    private boolean answer;

    LastAnswer(Authorizer authorizer, Subject subject) {
        this.authorizer = authorizer;
        this.subject = subject;
    }

    /// Whether a client may publish a message.
    ///
    /// @param to its topic, by name
    boolean mayPublish(Subject client, TopicName to, Publish publish) {
        int now = publish.qos().level() << 1 | (publish.retain() ? 1 : 0);
        int version = authorizer.version();
        boolean same = asked == now && rules == version && subject.equals(client);
        if (!same || !to.equals(topic)) {
            answer =
                    !ReservedTopics.contains(to)
                            && authorizer.mayPublish(client, to, publish.qos(), publish.retain());
            topic = to;
            asked = now;
            rules = version;
            if (!subject.equals(client)) {
                author = null;
            }
            subject = client;
        }
        return answer;
    }

    /// Who is asked about, as author of what is retained.
    Subject author() {
        if (author == null) {
            author = Message.author(subject);
        }
        return author;
    }
}
