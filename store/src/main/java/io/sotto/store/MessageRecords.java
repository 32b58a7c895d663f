package io.sotto.store;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Pass;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.Stored;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Messages and copies as they are stored. The message itself stands as the PUBLISH of 5.0 that it
/// could have come in.
///
/// ```text
/// body:  | number (8) | arrived at (8) | publisher (text) | PUBLISH of 5.0 |
/// copy:  | QoS, retain (1) | identifiers: count (2), each (4) | share: 0, or 1 and filter (text) |
/// kept:  | body | nothing, or version 1 (1) | user, listener, address (text) | entitled (1) |,
///        for a retained message and its author
/// value: | length (4) of what follows before the body | session (8) | copy | body |
///        | 0 (4) | body |, where several sessions are owed a copy
/// ```
final class MessageRecords {
    private static final int RETAIN = 4;
    private static final int AUTHOR = 1;

    /// How many authors are known again, so that messages of one share it.
    private static final int AUTHORS = 16 * 1024;

    private static final int NAMES = 16 * 1024;
    static final DecoderLimits WHATEVER_WAS_TAKEN =
            new DecoderLimits(
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    TopicLimits.NONE);

    private final TopicNames names = new TopicNames(NAMES, TopicLimits.NONE);
    private final Map<Subject, Subject> authors = new HashMap<>();
    private final Decoder decoder = new Decoder(Sender.CLIENT, WHATEVER_WAS_TAKEN, names);

    MessageRecords() {
        decoder.version(ProtocolVersion.MQTT_5);
    }

    static void writeBody(Message message, Bytes out) {
        out.eight(message.id());
        out.eight(message.arrivedAt());
        out.text(message.publisher());
        Publish publish =
                new Publish(
                        message.topic(),
                        message.payload(),
                        message.qos(),
                        message.retain(),
                        false,
                        message.qos() == QoS.AT_MOST_ONCE ? 0 : 1,
                        0,
                        List.of(),
                        message.properties());
        int size = Encoder.size(publish, ProtocolVersion.MQTT_5);
        Encoder.write(publish, ProtocolVersion.MQTT_5, out.room(size));
    }

    /// A retained message, with its author where there is one.
    static void writeRetained(Message message, Bytes out) {
        writeBody(message, out);
        Subject author = message.author();
        if (author != null) {
            out.one(AUTHOR);
            out.text(author.principal().name());
            out.text(author.origin().listener());
            out.text(author.origin().address());
            out.one(author.pass().equals(Pass.ENTITLED) ? 1 : 0);
        }
    }

    static void writeCopy(QoS qos, boolean retain, Via via, Bytes out) {
        out.one(qos.level() | (retain ? RETAIN : 0));
        out.two(via.identifiers().size());
        for (int identifier : via.identifiers()) {
            out.four(identifier);
        }
        TopicFilter shared = via.shared();
        out.one(shared == null ? 0 : 1);
        if (shared != null) {
            out.text(shared.toString());
        }
    }

    /// The message of a value of [Space#MESSAGES].
    Message message(byte[] value) throws StoreException {
        ByteBuffer in = ByteBuffer.wrap(value);
        try {
            in.position(Integer.BYTES + in.getInt());
            return body(in);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    /// A message in a page.
    ///
    /// @param text its copy and body
    Message paged(ByteBuffer text) throws StoreException {
        try {
            text.position(text.position() + Integer.BYTES + text.getInt(text.position()));
            return body(text);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw damaged(e);
        }
    }

    /// The copy of a message in a page.
    Recovery.Copy pagedCopy(ByteBuffer text, long session, Message message, UnaryOperator<Via> same)
            throws StoreException {
        return copy(text.position(text.position() + Integer.BYTES), session, message, same);
    }

    /// The message of a value of [Space#RETAINED].
    Message retained(byte[] value) throws StoreException {
        return whole(ByteBuffer.wrap(value), true);
    }

    private Message body(ByteBuffer in) throws StoreException {
        return whole(in, false);
    }

    /// @param authored whether its author may stand behind it
    private Message whole(ByteBuffer in, boolean authored) throws StoreException {
        try {
            long number = in.getLong();
            long arrivedAt = in.getLong();
            String publisher = Bytes.text(in);
            Packet packet = decoder.read(in);
            Subject author = authored && in.hasRemaining() ? author(publisher, in) : null;
            if (packet instanceof Publish publish && !in.hasRemaining()) {
                return new Message(
                        number,
                        publish.topic(),
                        publish.payload(),
                        publish.qos(),
                        publish.retain(),
                        publish.properties(),
                        publisher,
                        arrivedAt,
                        null,
                        author);
            }
            throw damaged(null);
        } catch (BufferUnderflowException | NegativeArraySizeException | ProtocolException e) {
            throw damaged(e);
        }
    }

    private Subject author(String clientId, ByteBuffer in) throws StoreException {
        if (in.get() != AUTHOR) {
            throw damaged(null);
        }
        Principal principal = new Principal(Bytes.text(in));
        Origin origin = new Origin(Bytes.text(in), Bytes.text(in), 0, false);
        Subject author =
                new Subject(principal, clientId, origin, in.get() == 0 ? Pass.NONE : Pass.ENTITLED);
        if (authors.size() >= AUTHORS) {
            authors.clear();
        }
        Subject same = authors.putIfAbsent(author, author);
        return same == null ? author : same;
    }

    /// The copy within a value of [Space#MESSAGES], null where several are owed.
    ///
    /// @param same answers one and the same for all that are equal
    Recovery.@Nullable Copy copy(byte[] value, Message message, UnaryOperator<Via> same)
            throws StoreException {
        ByteBuffer in = ByteBuffer.wrap(value);
        return in.getInt() == 0 ? null : copy(in, in.getLong(), message, same);
    }

    /// A copy. Its body stays in the store, but for those of share groups, which another member may
    /// want at once.
    Recovery.Copy copy(ByteBuffer in, long session, Message message, UnaryOperator<Via> same)
            throws StoreException {
        try {
            int flags = in.get();
            List<Integer> identifiers = new ArrayList<>(0);
            for (int left = in.getShort(); left > 0; left--) {
                identifiers.add(in.getInt());
            }
            TopicFilter shared =
                    in.get() == 0 ? null : TopicFilter.of(Bytes.text(in), TopicLimits.NONE);
            Via via =
                    identifiers.isEmpty() && shared == null
                            ? Via.PLAIN
                            : same.apply(new Via(List.copyOf(identifiers), shared));
            return new Recovery.Copy(
                    session,
                    shared == null ? Stored.of(message) : message,
                    QoS.of(flags & 3),
                    (flags & RETAIN) != 0,
                    via);
        } catch (BufferUnderflowException | NegativeArraySizeException | ProtocolException e) {
            throw damaged(e);
        }
    }

    static StoreException damaged(@Nullable Exception cause) {
        String sentence = "a message in the store has not the form of one";
        return cause == null
                ? new StoreException(StoreException.Kind.DAMAGED, sentence)
                : new StoreException(StoreException.Kind.DAMAGED, sentence, cause);
    }
}
