package io.sotto.testkit.sim;

import io.sotto.broker.Shard;
import io.sotto.mqtt.Connect;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All links of one run. What happens on them happens by chance: bytes arrive in pieces, late or
/// never, and the ends are told of each other's end at some time.
final class Network {
    private final World world;
    private final Dice dice;
    private final Turns turns;
    private final List<ClientLink> links = new ArrayList<>();
    private int dialled;

    /// @param turns runs what happens on a shard
    Network(World world, Turns turns) {
        this.world = world;
        this.dice = world.dice();
        this.turns = turns;
    }

    /// Runs something as one turn of a shard.
    interface Turns {
        void turn(int shard, Runnable work);
    }

    List<ClientLink> links() {
        return links;
    }

    /// A new link from a client to a shard.
    ///
    /// @param highWater from how many unread bytes on the broker sees it as not writable
    ClientLink dial(SimulatedClient client, Connect connect, Shard shard, int highWater) {
        SimulatedLink link = new SimulatedLink(world, ++dialled, highWater, connect.version());
        ClientLink fresh = new ClientLink(client, link, connect, world);
        links.add(fresh);
        link.accept(shard);
        return fresh;
    }

    private @Nullable ClientLink any(Predicate<ClientLink> wanted) {
        if (links.isEmpty()) {
            return null;
        }
        int from = dice.below(links.size());
        for (int i = 0; i < links.size(); i++) {
            ClientLink link = links.get((from + i) % links.size());
            if (wanted.test(link)) {
                return link;
            }
        }
        return null;
    }

    private static boolean isServed(SimulatedLink link) {
        return !link.isClosed() && !link.isMoving();
    }

    private static boolean isReadable(ClientLink each) {
        SimulatedLink link = each.link();
        boolean there =
                link.peer() == SimulatedLink.Peer.THERE || link.peer() == SimulatedLink.Peer.LEFT;
        return there && isServed(link) && link.incoming().isReadable();
    }

    /// Some bytes of a client reach the broker.
    void feed() {
        ClientLink chosen = any(Network::isReadable);
        if (chosen != null) {
            SimulatedLink link = chosen.link();
            int there = link.incoming().inFlight();
            int bytes =
                    dice.chance(60)
                            ? there
                            : dice.chance(50) ? dice.below(there + 1) : Math.min(there, 1);
            turns.turn(link.shard(), () -> link.feed(bytes));
        }
    }

    private static boolean hasNews(ClientLink each) {
        SimulatedLink link = each.link();
        boolean news = link.outgoing().size() > 0 || link.isClosed() && !link.hasEnded();
        return link.peer() == SimulatedLink.Peer.THERE && !each.isStalled() && news;
    }

    /// Some bytes of the broker reach a client, or the end of its connection does.
    void read() {
        ClientLink chosen = any(Network::hasNews);
        if (chosen == null) {
            return;
        }
        SimulatedLink link = chosen.link();
        int there = link.outgoing().size();
        if (there == 0) {
            link.end();
            links.remove(chosen);
            chosen.client().ended(chosen);
            return;
        }
        int bytes = dice.chance(70) ? there : dice.between(1, there);
        chosen.client().received(chosen, link.outgoing().take(bytes));
        if (isServed(link) && link.outgoing().hasRoomAgain()) {
            turns.turn(link.shard(), link::tellWritable);
        }
    }

    /// The broker is told that a client is gone.
    void tellLost() {
        links.removeIf(
                each -> each.link().isClosed() && each.link().peer() != SimulatedLink.Peer.THERE);
        ClientLink chosen = any(Network::isToBeTold);
        if (chosen != null) {
            world.note(chosen.link().name(), "lost", null);
            turns.turn(chosen.link().shard(), chosen.link()::tellLost);
        }
    }

    private static boolean isToBeTold(ClientLink each) {
        SimulatedLink link = each.link();
        return isServed(link)
                && (link.peer() == SimulatedLink.Peer.BROKEN
                        || link.peer() == SimulatedLink.Peer.LEFT
                                && link.incoming().inFlight() == 0);
    }

    /// Nothing goes wrong any more: nobody stalls, and who is gone is seen to be gone.
    void calmDown() {
        for (ClientLink link : links) {
            link.stalled(false);
            if (link.link().peer() == SimulatedLink.Peer.SILENT) {
                link.link().peer(SimulatedLink.Peer.BROKEN);
            }
            if (link.client().current() == link) {
                link.withholding(false);
            }
        }
    }

    /// All clients vanish at once.
    void breakLinks() {
        for (ClientLink each : links) {
            if (!each.link().isClosed() && each.link().peer() == SimulatedLink.Peer.THERE) {
                each.link().peer(SimulatedLink.Peer.BROKEN);
            }
        }
    }

    /// The broker's process ends: all links break at once.
    void breakAll() {
        for (ClientLink each : List.copyOf(links)) {
            each.link().abort();
            each.client().ended(each);
        }
        links.clear();
    }

    /// Whether the broker reads all that are there.
    boolean isRead() {
        return any(Network::isHeldBack) == null;
    }

    private static boolean isHeldBack(ClientLink each) {
        SimulatedLink link = each.link();
        return link.peer() == SimulatedLink.Peer.THERE
                && isServed(link)
                && link.incoming().isPaused();
    }

    /// Whether nothing is under way on any link.
    boolean isIdle() {
        return any(Network::isReadable) == null
                && any(Network::hasNews) == null
                && any(Network::isToBeTold) == null;
    }
}
