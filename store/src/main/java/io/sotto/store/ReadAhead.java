package io.sotto.store;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/// Tells what was kept while it is still being read: one thread reads and decodes, and the one that
/// asked takes in what was read, in the same order.
final class ReadAhead implements Recovery {
    /// So much is handed over at once.
    private static final int CHUNK = 1024;

    /// So many chunks wait at most.
    private static final int WAITING = 16;

    private static final ThreadFactory THREAD =
            Thread.ofPlatform().name("store-reading").daemon().factory();

    private final Recovery read;

    ReadAhead(Recovery read) {
        this.read = read;
    }

    /// What the reading thread was told, for another listener.
    private interface Told {
        void to(Listener listener);
    }

    @Override
    public void tell(Listener listener) {
        BlockingQueue<List<Object>> chunks = new ArrayBlockingQueue<>(WAITING);
        // Closing waits for the reading to end: nobody closes the files under it.
        try (ExecutorService reader = Executors.newSingleThreadExecutor(THREAD)) {
            Future<?> reading = reader.submit(() -> read(chunks));
            try {
                for (List<Object> chunk = chunks.take(); !chunk.isEmpty(); chunk = chunks.take()) {
                    chunk.forEach(each -> tell(each, listener));
                }
                reading.get();
            } finally {
                // Where the listener failed, nobody takes anything any more.
                reading.cancel(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new CompletionException(e.getCause());
        }
    }

    private void read(BlockingQueue<List<Object>> chunks) {
        Collecting collecting = new Collecting(chunks);
        try {
            read.tell(collecting);
        } finally {
            collecting.end();
        }
    }

    /// Copies, by far the most, are handed over as they are.
    private static void tell(Object each, Listener listener) {
        if (each instanceof Copy copy) {
            listener.queued(copy);
        } else {
            ((Told) each).to(listener);
        }
    }

    /// Hands over what it is told.
    private static final class Collecting implements Listener {
        private final BlockingQueue<List<Object>> chunks;
        private List<Object> chunk = new ArrayList<>(CHUNK);

        Collecting(BlockingQueue<List<Object>> chunks) {
            this.chunks = chunks;
        }

        private void add(Object told) {
            chunk.add(told);
            if (chunk.size() == CHUNK) {
                hand();
            }
        }

        private void hand() {
            try {
                chunks.put(chunk);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            }
            chunk = new ArrayList<>(CHUNK);
        }

        /// An empty chunk is the end.
        void end() {
            if (!chunk.isEmpty()) {
                hand();
            }
            hand();
        }

        @Override
        public void totals(Map<String, Long> totals) {
            add((Told) listener -> listener.totals(totals));
        }

        @Override
        public void retained(Message message) {
            add((Told) listener -> listener.retained(message));
        }

        @Override
        public void session(KeptSession session) {
            add((Told) listener -> listener.session(session));
        }

        @Override
        public void subscribed(long session, Grant grant) {
            add((Told) listener -> listener.subscribed(session, grant));
        }

        @Override
        public void received(long session, int packetId) {
            add((Told) listener -> listener.received(session, packetId));
        }

        @Override
        public void sent(Sent sent) {
            add((Told) listener -> listener.sent(sent));
        }

        @Override
        public void queued(Copy copy) {
            add(copy);
        }
    }
}
