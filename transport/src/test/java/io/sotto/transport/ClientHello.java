package io.sotto.transport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;

/// The first message of a TLS handshake, byte by byte, as no library of today would send it.
///
/// @param version the newest of the client, as TLS writes it: 0x0303 for 1.2
/// @param newer those of the extension for TLS 1.3, none for a client that does not know it
/// @param suites by their numbers at IANA
/// @param compressions 0 for none, 1 for DEFLATE
record ClientHello(
        int version, List<Integer> newer, List<Integer> suites, List<Integer> compressions) {
    private static final int HANDSHAKE = 22;
    private static final int ALERT = 21;
    private static final int SERVER_HELLO = 2;

    /// What came back first.
    ///
    /// @param suite that the broker chose, or -1 where it refused
    /// @param compression the same
    /// @param alert with which it refused, -1 without one
    record Reply(int suite, int compression, int alert) {
        boolean isRefusal() {
            return suite < 0;
        }
    }

    /// Of TLS 1.2.
    static ClientHello offering(int... suites) {
        List<Integer> all = Arrays.stream(suites).boxed().toList();
        return new ClientHello(0x0303, List.of(), all, List.of(0));
    }

    /// Sends it and hears what the broker says.
    Reply send(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(record());
            return reply(new DataInputStream(socket.getInputStream()));
        }
    }

    private static Reply reply(DataInputStream in) throws IOException {
        try {
            int type = in.readUnsignedByte();
            in.readUnsignedShort();
            byte[] body = new byte[in.readUnsignedShort()];
            in.readFully(body);
            if (type == ALERT) {
                return new Reply(-1, -1, body[1]);
            }
            if (type != HANDSHAKE || body[0] != SERVER_HELLO) {
                throw new AssertionError("a record of type " + type + " came");
            }
            int behindSession = 4 + 2 + 32 + 1 + body[38];
            int suite = (body[behindSession] & 0xFF) << 8 | body[behindSession + 1] & 0xFF;
            return new Reply(suite, body[behindSession + 2], -1);
        } catch (EOFException | SocketException e) {
            return new Reply(-1, -1, -1);
        }
    }

    private byte[] record() {
        byte[] body =
                written(out -> {
                    out.writeShort(version);
                    out.write(new byte[32]);
                    out.writeByte(0);
                    out.writeShort(2 * suites.size());
                    for (int suite : suites) {
                        out.writeShort(suite);
                    }
                    out.writeByte(compressions.size());
                    for (int compression : compressions) {
                        out.writeByte(compression);
                    }
                    byte[] extensions = extensions();
                    out.writeShort(extensions.length);
                    out.write(extensions);
                });
        return written(out -> {
            out.writeByte(HANDSHAKE);
            out.writeShort(Math.min(version, 0x0301));
            out.writeShort(body.length + 4);
            out.writeByte(1);
            out.writeByte(0);
            out.writeShort(body.length);
            out.write(body);
        });
    }

    private byte[] extensions() {
        return written(out -> {
            // Named groups: X25519, P-256. Signatures: ECDSA, RSA-PSS and RSA with SHA-256, SHA-1.
            extension(out, 10, 0x0004, 0x001D, 0x0017);
            extension(out, 13, 0x000A, 0x0403, 0x0804, 0x0401, 0x0201, 0x0203);
            extension(out, 11, 0x0100);
            // No renegotiation has gone before.
            out.write(new byte[] {(byte) 0xFF, 1, 0, 1, 0});
            if (!newer.isEmpty()) {
                out.writeShort(43);
                out.writeShort(1 + 2 * newer.size());
                out.writeByte(2 * newer.size());
                for (int one : newer) {
                    out.writeShort(one);
                }
                // A share of X25519, whose 32 bytes are those of the base point.
                int[] share = new int[3 + 16];
                share[0] = 36;
                share[1] = 0x001D;
                share[2] = 32;
                share[3] = 0x0900;
                extension(out, 51, share);
            }
        });
    }

    private static void extension(DataOutputStream out, int type, int... shorts)
            throws IOException {
        out.writeShort(type);
        out.writeShort(2 * shorts.length);
        for (int one : shorts) {
            out.writeShort(one);
        }
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
