package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TotalsRecordTest {
    private static final SortedMap<String, Long> TOTALS =
            new TreeMap<>(Map.of("received", 7L, "dropped/expired", Long.MAX_VALUE, "sent", 0L));

    private static byte[] record() {
        Bytes out = new Bytes(16);
        TotalsRecord.write(TOTALS, out);
        return out.copy();
    }

    @Test
    void they_are_read_as_they_were_written() throws StoreException {
        assertThat(TotalsRecord.read(record())).isEqualTo(TOTALS);
    }

    @Test
    void a_record_that_ends_early_is_damaged() {
        byte[] cut = Arrays.copyOf(record(), record().length - 1);

        assertThatThrownBy(() -> TotalsRecord.read(cut)).isInstanceOf(StoreException.class);
    }
}
