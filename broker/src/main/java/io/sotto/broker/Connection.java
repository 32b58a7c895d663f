package io.sotto.broker;

import io.sotto.broker.session.Line;
import io.sotto.broker.session.Session;
import io.sotto.broker.session.Traffic;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Pass;
import io.sotto.mqtt.Ack;
import io.sotto.mqtt.Auth;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.Unsubscribe;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One network connection, from its first byte to its end. The transport hands it bytes; whatever
/// the peer does wrong ends here, in one place, and ends this connection alone.
public final class Connection implements Line.End {
    private final Link link;
    private final Decoder decoder;
    private final Deadline deadline;
    private Shard shard;
    private Phase phase = Phase.AWAITING_CONNECT;
    private long lastReceived;
    private int promised;
    private long changesBefore;
    private @Nullable Login login;
    private @Nullable Line line;
    private @Nullable Client client;
    private @Nullable Throttle throttle;

    private enum Phase {
        /// Nothing but CONNECT is taken [MQTT-3.1.0-1].
        AWAITING_CONNECT,
        /// CONNECT is being judged; nothing is read.
        LOGGING_IN,
        /// AUTH was sent, AUTH is awaited [MQTT-3.1.2-30].
        CHALLENGED,
        /// CONNACK was sent or is promised.
        OPEN,
        CLOSED
    }

    /// The client behind an open connection.
    private record Client(
            Session session, Inbound inbound, Subscribing subscribing, Expiry expiry) {}

    Connection(Shard shard, Link link, long now) {
        this.shard = shard;
        this.link = link;
        this.decoder = new Decoder(Sender.CLIENT, shard.settings().decoder(), shard.names());
        decoder.takeInPieces();
        this.lastReceived = now;
        this.deadline =
                new Deadline(this, now + shard.settings().clients().connectTimeout() * 1000L);
        deadline.awaitLogin();
        shard.ledger().traffic().connected();
    }

    Shard shard() {
        return shard;
    }

    Link link() {
        return link;
    }

    /// Bytes came. Takes all whole packets and says how many; what is left is to be offered again
    /// with what follows.
    public int received(ByteBuffer in, long now) {
        lastReceived = now;
        Traffic traffic = shard.ledger().traffic();
        int start = in.position();
        int packets = 0;
        shard.handout().begin();
        try {
            while (isReading()) {
                Packet packet = decoder.read(in);
                if (packet == null) {
                    break;
                }
                packets++;
                shard.handout().before(packet, now);
                changesBefore = shard.context().journal().changes();
                handle(packet, now);
                if (isHeldBackBehind(packet, now)) {
                    break;
                }
            }
            shard.handout().end(now);
        } catch (ProtocolException e) {
            fail(e, now);
        } catch (RuntimeException | AssertionError e) {
            // Our fault, not the peer's. It costs this connection; the loop and all others live on.
            shard.ledger().fault();
            tell(Severity.ERROR, ": internal error: " + e);
            fail(
                    new ProtocolException(
                            ReasonCode.UNSPECIFIED_ERROR, "internal error of the broker"),
                    now);
        }
        traffic.received(packets, in.position() - start);
        if (line != null) {
            line.received(packets, in.position() - start);
        }
        if (isBlocked()) {
            link.pauseReading();
        } else if (phase == Phase.OPEN) {
            shard.holdBackIfBehind(link);
        }
        return packets;
    }

    /// Whether there is no room for what it publishes: not read, whoever else would begin again.
    private boolean isBlocked() {
        return client != null && (client.inbound.isBlocked() || client.subscribing.isWaiting());
    }

    /// Whether the client has sent more than it may for now.
    private boolean isHeldBackBehind(Packet packet, long now) {
        Throttle throttle = this.throttle;
        if (throttle == null || !throttle.holdsAfter(packet, shard.wheel(), now)) {
            return false;
        }
        if (throttle.isNews()) {
            tell(
                    Severity.WARNING,
                    " sends too fast and is read more slowly"
                            + " (limits.message-rate-per-client, -per-address)");
        }
        return true;
    }

    private boolean isReading() {
        return phase == Phase.AWAITING_CONNECT
                || phase == Phase.CHALLENGED
                || phase == Phase.OPEN && !isBlocked();
    }

    /// How many bytes the packet has of which a part is there, 0 if that is not known.
    public int awaited() {
        return decoder.awaited();
    }

    /// How many bytes of memory the packet takes of which a part was taken.
    public int held() {
        return decoder.held();
    }

    /// The link takes more again.
    public void writable(long now) {
        if (client != null && phase == Phase.OPEN) {
            client.session.pump(now);
        }
    }

    /// The peer is gone, or sends no more, without DISCONNECT.
    public void lost(String why, long now) {
        if (phase != Phase.CLOSED) {
            close(true, why, now);
        }
    }

    private void handle(Packet packet, long now) {
        Client client = this.client;
        if (phase == Phase.OPEN && client != null) {
            handle(packet, client, now);
        } else if (phase == Phase.CHALLENGED && login != null) {
            switch (packet) {
                case Auth auth -> login.answered(auth, now);
                case Disconnect ignored -> close(false, "left during its login", now);
                default ->
                        throw ProtocolException.protocolError(
                                "only AUTH or DISCONNECT before CONNACK [MQTT-3.1.2-30]");
            }
        } else if (packet instanceof Connect connect) {
            phase = Phase.LOGGING_IN;
            link.pauseReading();
            login = new Login(this, connect);
            login.begin(now);
        } else {
            throw ProtocolException.protocolError("the first packet is CONNECT [MQTT-3.1.0-1]");
        }
    }

    private void handle(Packet packet, Client client, long now) {
        switch (packet) {
            case Publish publish -> client.inbound.publish(publish, now);
            case PubAck ack -> client.session.outbound().pubAck(ack.packetId(), ack.reason(), now);
            case PubRec ack -> reply(client.session.outbound().pubRec(ack, now));
            case PubRel ack -> client.inbound.pubRel(ack);
            case PubComp ack -> client.session.outbound().pubComp(ack.packetId(), now);
            case Subscribe subscribe -> client.subscribing.subscribe(subscribe, now);
            case Unsubscribe unsubscribe -> client.subscribing.unsubscribe(unsubscribe);
            case PingReq ignored -> reply(PingResp.INSTANCE);
            case Disconnect disconnect -> disconnected(disconnect, client.session, now);
            case Auth auth -> reauthenticate(auth, now);
            case Connect ignored ->
                    throw ProtocolException.protocolError("second CONNECT [MQTT-3.1.0-2]");
            case ConnAck _, SubAck _, UnsubAck _, PingResp _ ->
                    throw ProtocolException.protocolError("a packet that only a server sends");
        }
        if (packet instanceof Ack) {
            client.session.updateAvailability();
        }
    }

    private void disconnected(Disconnect disconnect, Session session, long now) {
        long expiry = disconnect.sessionExpiryInterval();
        if (expiry > 0 && session.expiryInterval() == 0) {
            throw ProtocolException.protocolError(
                    "DISCONNECT raises the session expiry interval from 0 [MQTT-3.14.2-2]");
        }
        if (expiry >= 0) {
            session.expiryInterval(shard.settings().clients().sessionExpiry(expiry));
        }
        link.peerIsDone();
        close(disconnect.reason() != ReasonCode.SUCCESS, "disconnected", now);
    }

    private void reauthenticate(Auth auth, long now) {
        if (login == null || !login.isEnhanced()) {
            throw ProtocolException.protocolError(
                    "AUTH without an authentication method in CONNECT [MQTT-4.12.0-7]");
        }
        login.reauthenticate(auth, now);
    }

    /// Sends a packet, if there is one, in its order, once all that was changed in this turn so far
    /// is durable.
    ///
    /// @return whether it has to wait for that
    boolean reply(@Nullable Packet packet) {
        Line line = this.line;
        Client client = this.client;
        if (packet == null || line == null || client == null) {
            return false;
        }
        Journal journal = shard.context().journal();
        if (journal.changes() != changesBefore) {
            client.session.batch(journal.batch());
        }
        if (promised == 0 && !shard.promises().isPending(client.session.batch())) {
            line.send(packet);
            return false;
        }
        promised++;
        shard.promises().hold(client.session.batch(), client.inbound, packet);
        return true;
    }

    /// What had to wait may go.
    ///
    /// @param packet null when CONNACK has gone and the session may follow
    void promised(@Nullable Packet packet, long now) {
        promised--;
        Line line = this.line;
        Client client = this.client;
        if (phase == Phase.CLOSED || line == null || client == null) {
            return;
        }
        if (packet == null) {
            client.session.attach(now);
            return;
        }
        line.send(packet);
        if (packet instanceof PubAck) {
            client.inbound.acknowledged();
        }
    }

    /// Asks the client for more, within its login or a re-authentication.
    void challenge(Line line, Auth auth) {
        line.send(auth);
        if (phase == Phase.LOGGING_IN) {
            phase = Phase.CHALLENGED;
            link.resumeReading();
        }
    }

    /// The next step of a login is being judged.
    void judge() {
        if (phase == Phase.CHALLENGED) {
            phase = Phase.LOGGING_IN;
            link.pauseReading();
        }
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /// Lets the client in: CONNACK, then what waits for it.
    void open(Line line, Session session, ConnAck connAck, Login.Admission admission, long now) {
        phase = Phase.OPEN;
        changesBefore = shard.context().journal().changes();
        this.line = line;
        boolean modern = line.version().hasProperties();
        client =
                new Client(
                        session,
                        new Inbound(this, session, line.version()),
                        new Subscribing(this, session, modern, admission.bridge()),
                        new Expiry(this, shard.wheel()));
        client.expiry.after(session.subject().pass().millis(), now);
        if (login != null && !login.isEnhanced()) {
            login = null;
        }
        throttle = shard.broker().rates().throttle(link, now);
        deadline.keepAlive(admission.keepAliveMillis(), now);
        if (reply(connAck)) {
            promised++;
            shard.promises().hold(session.batch(), client.inbound, null);
        } else {
            session.attach(now);
        }
        link.resumeReading();
    }

    /// Its client has logged in again: what that brought along holds from now on.
    void renew(Pass pass, long now) {
        if (client != null && !pass.equals(client.session.subject().pass())) {
            shard.sessions().renew(client.session, pass, now);
            client.expiry.after(pass.millis(), now);
        }
    }

    /// Answers CONNECT with a refusal and closes; 3.x gets what it has a code for [MQTT3-3.2.2-6].
    void refuse(ReasonCode reason, String sentence, long now) {
        ProtocolVersion version = decoder.version();
        if (version != null && (version.hasProperties() || reason.connectReturnCode() > 0)) {
            if (login != null) {
                login.line().send(ConnAck.refused(reason, sentence));
            } else {
                sendUnbounded(ConnAck.refused(reason, sentence), version);
            }
        }
        close(true, sentence, now);
    }

    private void sendUnbounded(Packet packet, ProtocolVersion version) {
        int size = Encoder.size(packet, version);
        Encoder.write(packet, version, link.room(size));
        link.written();
        shard.ledger().traffic().sent(1, size);
    }

    /// Goes on with a login on another shard.
    void moveTo(Shard home, Mailbox.Mail then) {
        if (home == shard) {
            then.open(lastReceived);
            return;
        }
        deadline.cancel();
        link.moveTo(
                home.index(),
                now -> {
                    shard = home;
                    decoder.names(home.names());
                    deadline.awaitLogin();
                    then.open(now);
                });
    }

    private void fail(ProtocolException e, long now) {
        shard.handout().end(now);
        switch (phase) {
            case CLOSED -> {}
            case OPEN -> disconnect(e.reason(), e.sentence(), now);
            case AWAITING_CONNECT -> {
                boolean told =
                        decoder.version() == ProtocolVersion.MQTT_5
                                || e.reason() == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
                if (told) {
                    refuse(e.reason(), e.sentence(), now);
                } else {
                    close(true, e.sentence(), now);
                }
            }
            case LOGGING_IN, CHALLENGED -> refuse(e.reason(), e.sentence(), now);
        }
    }

    /// Ends the connection from this side; 5.0 is told why.
    @Override
    public void disconnect(ReasonCode reason, String sentence, long now) {
        if (phase == Phase.CLOSED) {
            return;
        }
        say(reason, sentence);
        close(true, sentence, now);
    }

    /// Tells the client why its connection ends, if its version can be told.
    private void say(ReasonCode reason, String sentence) {
        Line line = this.line;
        boolean modern = line != null && line.version().hasProperties();
        if (phase == Phase.OPEN && line != null && modern && promised == 0) {
            line.send(Disconnect.because(reason, sentence));
        }
    }

    /// Nothing is to happen to it any more by itself.
    private void end() {
        phase = Phase.CLOSED;
        deadline.cancel();
        if (throttle != null) {
            throttle.cancel();
        }
        if (client != null) {
            client.inbound.end();
            client.expiry.cancel();
        }
        shard.forget(link);
        link.close();
    }

    @Override
    public void shutDown(long now) {
        say(ReasonCode.SERVER_SHUTTING_DOWN, "the broker stops");
        Client client = this.client;
        end();
        if (client != null) {
            this.client = null;
            shard.sessions().suspend(client.session, now);
        }
    }

    private void close(boolean publishWill, String why, long now) {
        Client client = this.client;
        end();
        if (client != null) {
            tell(Severity.INFO, " gone: " + why);
            this.client = null;
            shard.sessions().detach(client.session, publishWill, now);
        } else {
            boolean left = login == null && why.equals(Link.LOST);
            tell(
                    left ? Severity.INFO : Severity.WARNING,
                    left ? " left before its CONNECT" : " not let in: " + why);
        }
    }

    void tell(Severity severity, String clause) {
        shard.broker().ports().events().event(severity, who() + clause);
    }

    /// The peer in the words of the log.
    private String who() {
        String id = client == null ? Login.clientId(login) : client.session.clientId();
        return (id.isEmpty() ? "connection from " : "client " + id + " at ") + link.origin();
    }

    /// Its deadline has come: ends what took too long.
    ///
    /// @param keepAlive how long a client that was let in may be silent, in milliseconds
    /// @return when to look again, 0 for never
    long overdue(long keepAlive, long now) {
        if (phase != Phase.OPEN) {
            close(true, "no complete login in time (limits.connect-timeout)", now);
            return 0;
        }
        if (!link.isReading()) {
            // Not its silence, whatever keeps the broker from reading it.
            return now + keepAlive;
        }
        if (now < lastReceived + keepAlive) {
            return lastReceived + keepAlive;
        }
        disconnect(
                ReasonCode.KEEP_ALIVE_TIMEOUT,
                "nothing received for 1.5 keep alive [MQTT-3.1.2-22]",
                now);
        return 0;
    }
}
