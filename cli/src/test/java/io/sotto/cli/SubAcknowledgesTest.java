package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When `sotto sub` tells the broker that it has a message, and that it may forget one.
@Timeout(30)
class SubAcknowledgesTest {
    private static final String QOS_1 = "32 06 0001 61 0007 31";
    private static final String QOS_2 = "34 06 0001 61 0007 31";
    private static final String RETAINED = "31 04 0001 61 31";

    private final StringWriter errors = new StringWriter();

    private int sub(ObedientServer server, OutputStream out, String line) {
        Sub command = new Sub(new Streams(new ByteArrayInputStream(new byte[0]), out));
        String where = "-h 127.0.0.1 -p " + server.port() + " ";
        return Commands.client(command)
                .setErr(new PrintWriter(errors, true))
                .execute((where + line).split(" ", -1));
    }

    /// Notes whether the acknowledgement was there before the bytes were through.
    private static final class Slow extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ObedientServer server;
        private final String acknowledgement;
        private boolean early;

        Slow(ObedientServer server, String acknowledgement) {
            this.server = server;
            this.acknowledgement = acknowledgement;
        }

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public void flush() throws IOException {
            try {
                early |= server.gets(acknowledgement, Duration.ofMillis(300));
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /// A pipe whose reader is gone.
    private static final class Broken extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
        }
    }

    @Test
    void a_qos_1_message_is_acknowledged_after_it_was_flushed() throws Exception {
        try (ObedientServer server = new ObedientServer(QOS_1, true)) {
            Slow out = new Slow(server, "40");

            assertThat(sub(server, out, "-q 1 -t a -C 1")).as(errors.toString()).isZero();

            assertThat(out.bytes.toString(StandardCharsets.UTF_8)).isEqualTo("1\n");
            assertThat(out.early).isFalse();
            assertThat(server.rest()).containsExactly("400007", "e0");
        }
    }

    @Test
    void a_qos_2_message_is_received_after_it_was_flushed() throws Exception {
        try (ObedientServer server = new ObedientServer(QOS_2, true)) {
            Slow out = new Slow(server, "50");

            assertThat(sub(server, out, "-q 2 -t a -C 1")).as(errors.toString()).isZero();

            assertThat(out.early).isFalse();
            assertThat(server.rest()).containsExactly("500007", "e0");
        }
    }

    @Test
    void what_nobody_could_read_is_not_acknowledged() throws Exception {
        try (ObedientServer server = new ObedientServer(QOS_1, true)) {
            assertThat(sub(server, new Broken(), "-q 1 -t a -C 1")).isEqualTo(1);

            assertThat(errors.toString()).contains("Broken pipe");
            assertThat(server.rest()).noneMatch(packet -> packet.startsWith("40")).endsWith("e0");
        }
    }

    @Test
    void what_is_filtered_out_is_acknowledged_as_well() throws Exception {
        try (ObedientServer server = new ObedientServer(QOS_1 + "32 06 0001 62 0008 32", true)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            assertThat(sub(server, out, "-q 1 -t + -T a -C 1")).as(errors.toString()).isZero();

            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("2\n");
            assertThat(server.rest()).contains("400007", "400008");
        }
    }

    @Test
    void a_retained_message_is_removed_at_qos_1_before_the_command_ends() throws Exception {
        try (ObedientServer server = new ObedientServer(RETAINED, true)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            int status = sub(server, out, "-t a -C 1 --remove-retained");

            assertThat(status).as(errors.toString()).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("1\n");
            assertThat(server.rest()).endsWith("330001610002", "e0");
        }
    }

    @Test
    void more_are_removed_than_are_under_way_at_a_time() throws Exception {
        try (ObedientServer server = new ObedientServer(RETAINED.repeat(100), true)) {
            int status =
                    sub(server, OutputStream.nullOutputStream(), "-t a -C 100 --remove-retained");

            assertThat(status).as(errors.toString()).isZero();
            assertThat(server.rest()).filteredOn(packet -> packet.startsWith("33")).hasSize(100);
        }
    }

    @Test
    void a_removal_that_is_not_acknowledged_is_told() throws Exception {
        try (ObedientServer server = new ObedientServer(RETAINED, false)) {
            int status =
                    sub(server, OutputStream.nullOutputStream(), "-t a -C 1 --remove-retained");

            assertThat(status).isEqualTo(1);
            assertThat(errors.toString()).contains("not every retained message is removed: ");
        }
    }
}
