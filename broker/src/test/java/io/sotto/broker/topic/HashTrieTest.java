package io.sotto.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashTrieTest {
    /// A key whose hash is chosen, so that keys can be made to collide.
    private record Key(int number, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && number == that.number;
        }
    }

    private record Thing(Key key, int value) implements HashTrie.Entry<Key> {
        @Override
        public int hash() {
            return key.hash();
        }

        @Override
        public boolean isOf(Key other) {
            return key.equals(other);
        }
    }

    @Test
    void it_does_what_a_map_does_whatever_the_hashes_are() {
        for (int hashes : new int[] {1, 2, 40, 5000, Integer.MAX_VALUE}) {
            Random random = new Random(hashes);
            HashTrie<Key, Thing> trie = HashTrie.empty();
            Map<Key, Thing> map = new HashMap<>();
            for (int step = 0; step < 4000; step++) {
                int number = random.nextInt(600);
                Key key = new Key(number, number * 0x9E37_79B9 % hashes);
                if (random.nextInt(3) == 0) {
                    trie = trie.without(key, key.hash());
                    map.remove(key);
                } else {
                    Thing thing = new Thing(key, step);
                    trie = trie.with(key, thing);
                    map.put(key, thing);
                }
                assertThat(trie.find(key, key.hash())).isEqualTo(map.get(key));
            }
            List<Thing> walked = new ArrayList<>();
            trie.forEach(walked::add);
            assertThat(walked).containsExactlyInAnyOrderElementsOf(map.values());
            for (Key key : map.keySet()) {
                trie = trie.without(key, key.hash());
            }
            assertThat(trie.isEmpty()).isTrue();
        }
    }

    @Test
    void a_change_leaves_earlier_states_as_they_were() {
        HashTrie<Key, Thing> before =
                HashTrie.<Key, Thing>empty().with(new Key(1, 7), new Thing(new Key(1, 7), 1));

        HashTrie<Key, Thing> after =
                before.with(new Key(2, 7), new Thing(new Key(2, 7), 2)).without(new Key(1, 7), 7);

        assertThat(before).extracting(Thing::value).containsExactly(1);
        assertThat(after).extracting(Thing::value).containsExactly(2);
    }

    @Test
    void what_is_alone_is_known_as_such() {
        HashTrie<Key, Thing> trie = HashTrie.empty();
        for (int i = 0; i < 2000; i++) {
            Key key = new Key(i, i * 0x9E37_79B9);
            trie = trie.with(key, new Thing(key, i));
            assertThat(trie.single() == null).isEqualTo(i > 0);
        }

        for (int i = 1999; i > 0; i--) {
            assertThat(trie.single()).isNull();
            trie = trie.without(new Key(i, i * 0x9E37_79B9), i * 0x9E37_79B9);
        }

        assertThat(trie.single()).isEqualTo(new Thing(new Key(0, 0), 0));
    }

    @Test
    void removing_what_is_not_there_changes_nothing() {
        HashTrie<Key, Thing> trie =
                HashTrie.<Key, Thing>empty().with(new Key(1, 7), new Thing(new Key(1, 7), 1));

        assertThat(trie.without(new Key(2, 7), 7)).isSameAs(trie);
        assertThat(trie.without(new Key(3, 8), 8)).isSameAs(trie);
    }
}
