package io.sotto.server.crash;

import io.sotto.client.Transport;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// Reads along on each connection of a client whether the broker still has the session.
final class SessionWitness implements Transport.Connector {
    private static final int CONNACK = 0x20;
    private static final int SEEN = 5;

    private final Transport.Connector connector;
    private final String client;
    private final Ledger ledger;
    private volatile boolean established;

    SessionWitness(Transport.Connector connector, String client, Ledger ledger) {
        this.connector = connector;
        this.client = client;
        this.ledger = ledger;
    }

    /// From here on the broker has promised the session.
    void established() {
        established = true;
    }

    @Override
    public Transport open(Duration timeout) throws IOException {
        Transport plain = connector.open(timeout);
        return new Transport() {
            private final InputStream input = new Watched(plain.input());

            @Override
            public InputStream input() {
                return input;
            }

            @Override
            public OutputStream output() throws IOException {
                return plain.output();
            }

            @Override
            public void finish() throws IOException {
                plain.finish();
            }

            @Override
            public void close() throws IOException {
                plain.close();
            }
        };
    }

    private void accepted(boolean present) {
        if (established && present) {
            ledger.resumed.incrementAndGet();
        } else if (established) {
            ledger.fault(client + ": the broker has forgotten the session");
        }
    }

    private final class Watched extends FilterInputStream {
        private final byte[] first = new byte[SEEN];
        private int seen;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] to, int start, int length) throws IOException {
            int count = super.read(to, start, length);
            for (int i = 0; i < count && seen < SEEN - 1; i++) {
                first[seen] = to[start + i];
                seen++;
                look();
            }
            return count;
        }

        /// | 0x20 | remaining length, one or two bytes here | flags | reason |
        private void look() {
            int flags = seen > 1 && first[1] < 0 ? 3 : 2;
            if (seen > flags && (first[0] & 0xFF) == CONNACK) {
                seen = SEEN;
                accepted((first[flags] & 1) != 0);
            }
        }
    }
}
