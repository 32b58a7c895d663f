package io.sotto.kernels;

import io.sotto.kernels.Company.Member;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.QoS;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// A message goes through the whole broker: from the bytes of its publisher to the bytes for each
/// subscriber.
@State(Scope.Thread)
public class FanOutKernel {
    /// How many subscribers there are.
    @Param({"1", "100", "10000"})
    public int subscribers = 1;

    private final ByteBuffer once = Packets.bytes(Packets.publish("state", QoS.AT_MOST_ONCE));
    private final ByteBuffer surely = Packets.bytes(Packets.publish("one", QoS.AT_LEAST_ONCE));
    private Company company = new Company();
    private Member publisher = company.connect("publisher");
    private Member one = company.subscriber("one", "one", QoS.AT_LEAST_ONCE);
    private final List<Member> members = new ArrayList<>();
    private final ByteBuffer ack = Packets.bytes(new PubAck(1));
    private int packetId;

    /// Lets the clients come.
    @Setup
    public void connect() {
        for (int i = members.size(); i < subscribers; i++) {
            members.add(company.subscriber("subscriber-" + i, "state", QoS.AT_MOST_ONCE));
        }
    }

    /// A message of QoS 0 for all.
    ///
    /// @return how many bytes the last one has got
    @Benchmark
    public long fanOut() {
        company.send(publisher, once.rewind());
        return members.getLast().link().bytes();
    }

    /// A message of QoS 1 for one, with both acknowledgements.
    ///
    /// @return how many bytes it has got
    @Benchmark
    public long pair() {
        company.send(publisher, surely.rewind());
        packetId = packetId == 65_535 ? 1 : packetId + 1;
        company.send(one, ack.putShort(2, (short) packetId).rewind());
        return one.link().bytes();
    }

    /// Whether all copies of all messages are accounted for.
    boolean balances() {
        return company.balances();
    }
}
