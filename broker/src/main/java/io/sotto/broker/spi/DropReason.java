package io.sotto.broker.spi;

/// Why a copy of a message, or a message, ended undelivered. Each one is a column of the balance.
public enum DropReason {
    /// QoS 0 for a session without a connection.
    OFFLINE("QoS 0 is not kept for a session that is not connected"),
    /// QoS 0 for a connection whose outgoing buffer is above the high-water mark.
    SLOW_CONSUMER("the client does not read fast enough (limits.write-buffer)"),
    /// A QoS 1 or 2 copy for a full backlog.
    QUEUE_FULL("the queue of the session is full (queue.messages, queue.bytes)"),
    /// The same where the queues of clients whose ids begin alike are bounded together.
    PREFIX_FULL("the queues of the clients with this prefix are full (queue.prefixes)"),
    /// The same where all queues are bounded together.
    TOTAL_FULL("all queues together are full (queue.total.messages, queue.total.bytes)"),
    /// Its message expiry interval passed before it was sent.
    EXPIRED("the message expiry interval passed"),
    /// Larger than the maximum packet size of the client.
    TOO_LARGE("larger than the maximum packet size of the client"),
    /// The client may not receive, or no longer receive, this topic.
    NOT_AUTHORIZED("the client may not receive this topic"),
    /// Queued for a session that ended.
    SESSION_ENDED("the session ended"),
    /// The receiver answered with a failure.
    REFUSED("the client refused the message"),
    /// A shared subscription without a member that could take it.
    NO_MEMBER("no member of the share group is left"),
    /// Its body cannot be read from the store.
    DAMAGED("its record in the store is damaged (sotto store check)");

    private final String sentence;

    DropReason(String sentence) {
        this.sentence = sentence;
    }

    /// The reason in plain words, naming the setting where there is one.
    public String sentence() {
        return sentence;
    }
}
