package io.sotto.broker;

import io.sotto.mqtt.TopicName;

/// Topics that only the broker itself publishes to.
public final class ReservedTopics {
    private static final String[] FIRST_LEVELS = {"$SYS", "$share", "$queue", "$sotto"};

    private ReservedTopics() {}

    /// Whether clients may not publish there, by PUBLISH or as a will.
    public static boolean contains(TopicName topic) {
        if (!topic.isReserved()) {
            return false;
        }
        for (String level : FIRST_LEVELS) {
            if (hasFirstLevel(topic, level)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasFirstLevel(TopicName topic, String level) {
        int length = level.length();
        if (topic.size() < length || topic.size() > length && topic.at(length) != '/') {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (topic.at(i) != level.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
