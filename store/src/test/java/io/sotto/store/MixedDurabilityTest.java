package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whether a group is synced: when any change in it is to be, and no other.
class MixedDurabilityTest {
    private final CountingEngine engine = new CountingEngine();

    private static void change(Journal journal, @Nullable Durability durability) {
        journal.keeping(durability);
        journal.released(1, 1);
        journal.commit();
    }

    @Test
    void one_change_that_is_to_be_synced_is_enough_for_its_group() throws StoreException {
        Store store = new Store(engine, Durability.SYNC);
        Journal one = store.journal(() -> {});
        Journal other = store.journal(() -> {});

        change(one, Durability.ASYNC);
        change(other, null);
        store.commit();
        change(one, Durability.ASYNC);
        change(other, Durability.ASYNC);
        store.commit();

        assertThat(engine.synced()).containsExactly(true, false);
        assertThat(store.isUnsynced()).isTrue();
        store.sync();
        assertThat(store.isUnsynced()).isFalse();
    }

    @Test
    void what_is_said_holds_for_the_next_change_alone() throws StoreException {
        Store store = new Store(engine, Durability.SYNC);
        Journal journal = store.journal(() -> {});

        journal.keeping(Durability.ASYNC);
        journal.closed(1, 5, Long.MAX_VALUE);
        journal.commit();
        store.commit();
        journal.keeping(Durability.ASYNC);
        journal.closed(1, 5, Long.MAX_VALUE);
        journal.ended(1);
        journal.commit();
        store.commit();

        assertThat(engine.synced()).containsExactly(false, true);
    }

    @Test
    void where_nothing_is_usually_synced_one_may_be() throws StoreException {
        Store store = new Store(engine, Durability.ASYNC);
        Journal journal = store.journal(() -> {});

        change(journal, null);
        store.commit();
        change(journal, Durability.SYNC);
        store.commit();

        assertThat(engine.synced()).containsExactly(false, true);
        assertThat(store.isUnsynced()).isFalse();
    }
}
