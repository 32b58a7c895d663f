package io.sotto.cli;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/// A broker for QoS 0 and 1 of 3.1.1 that does with its messages what the test says: what a
/// measurement has to notice.
final class Relay implements Closeable {
    private static final int BUFFER = 1 << 16;

    private final ServerSocket listening;
    private final LongFunction<Deed> deeds;
    private final AtomicLong number = new AtomicLong();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

    /// What becomes of a message.
    enum Deed {
        DELIVER,
        LOSE,
        DOUBLE,
        /// Goes out behind the next one.
        KEEP_BACK,
        HOLD_UP,
        HANG_UP
    }

    private record Subscriber(TopicFilter filter, Socket socket) {}

    /// @param deeds what becomes of the how many-th message
    Relay(LongFunction<Deed> deeds) throws IOException {
        this.deeds = deeds;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            Socket socket = listening.accept();
                            socket.setTcpNoDelay(true);
                            Thread.ofVirtual().start(() -> serve(socket));
                        }
                    } catch (IOException closed) {
                        // The test is over.
                    }
                });
    }

    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    @SuppressWarnings("ByteBufferBackingArray") // it is allocated here
    private void serve(Socket socket) {
        Decoder decoder =
                new Decoder(
                        Sender.CLIENT, DecoderLimits.DEFAULT, new TopicNames(16, TopicLimits.NONE));
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        Publish[] kept = new Publish[1];
        try (socket) {
            while (true) {
                int count =
                        socket.getInputStream()
                                .read(buffer.array(), buffer.position(), buffer.remaining());
                if (count < 0) {
                    return;
                }
                buffer.position(buffer.position() + count).flip();
                for (Packet packet = decoder.read(buffer);
                        packet != null;
                        packet = decoder.read(buffer)) {
                    take(packet, socket, kept);
                }
                buffer.compact();
            }
        } catch (IOException gone) {
            // So is the client.
        } finally {
            subscribers.removeIf(subscriber -> subscriber.socket.equals(socket));
        }
    }

    private void take(Packet packet, Socket socket, Publish[] kept) throws IOException {
        switch (packet) {
            case Connect _ ->
                    send(
                            new ConnAck(false, ReasonCode.SUCCESS, ConnAck.Properties.DEFAULT),
                            socket);
            case Subscribe subscribe -> {
                for (Subscribe.Request request : subscribe.requests()) {
                    subscribers.add(new Subscriber(TopicFilter.of(request.filter()), socket));
                }
                List<ReasonCode> granted =
                        subscribe.requests().stream().map(_ -> ReasonCode.SUCCESS).toList();
                send(new SubAck(subscribe.packetId(), granted, Diagnostics.NONE), socket);
            }
            case Publish publish -> {
                if (publish.qos() == QoS.AT_LEAST_ONCE) {
                    send(new PubAck(publish.packetId()), socket);
                }
                does(deeds.apply(number.getAndIncrement()), publish, socket, kept);
            }
            case Disconnect _ -> socket.close();
            default -> throw new IOException("not known here: " + packet);
        }
    }

    private void does(Deed deed, Publish publish, Socket socket, Publish[] kept)
            throws IOException {
        if (deed == Deed.LOSE) {
            return;
        }
        if (deed == Deed.HANG_UP) {
            socket.close();
            return;
        }
        if (deed == Deed.KEEP_BACK) {
            kept[0] = publish;
            return;
        }
        if (deed == Deed.HOLD_UP) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
        deliver(publish);
        if (deed == Deed.DOUBLE) {
            deliver(publish);
        }
        if (kept[0] != null) {
            deliver(kept[0]);
            kept[0] = null;
        }
    }

    private void deliver(Publish publish) throws IOException {
        Publish out =
                new Publish(
                        publish.topic(),
                        publish.payload(),
                        QoS.AT_MOST_ONCE,
                        false,
                        false,
                        0,
                        0,
                        List.of(),
                        publish.properties());
        for (Subscriber subscriber : subscribers) {
            if (subscriber.filter.matches(publish.topic())) {
                send(out, subscriber.socket);
            }
        }
    }

    private static void send(Packet packet, Socket to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Encoder.size(packet, ProtocolVersion.MQTT_3_1_1));
        Encoder.write(packet, ProtocolVersion.MQTT_3_1_1, bytes);
        to.getOutputStream().write(bytes.array());
    }
}
