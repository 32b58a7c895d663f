package io.sotto.testkit.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The copies that sessions and share groups are owed, and who got them.
///
/// A message does not say through which subscription it came, nor whether it is the first or the
/// second of two that are alike. So who got what is kept open as far as it can be: a claim that
/// finds nothing free asks earlier claims to take another copy that would have done as well.
final class Owed {
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /// All copies that look alike.
    private static final class Row {
        private final List<Copy> free = new ArrayList<>();
        private final List<Claim> claims = new ArrayList<>();
    }

    /// That a client got one of several copies.
    static final class Claim {
        private final List<Copy> options;
        private Copy chosen;

        Claim(List<Copy> options, Copy chosen) {
            this.options = options;
            this.chosen = chosen;
        }

        Copy chosen() {
            return chosen;
        }
    }

    void add(Copy copy) {
        rows.computeIfAbsent(copy.message().key(), key -> new Row()).free.add(copy);
    }

    /// Takes a copy for a client that got one; null when there is none.
    ///
    /// @param eligible whether it can have been this one
    @Nullable Claim claim(String key, Predicate<Copy> eligible) {
        Row row = rows.get(key);
        if (row == null) {
            return null;
        }
        List<Copy> options = new ArrayList<>(row.free.stream().filter(eligible).toList());
        options.sort(Comparator.comparingLong(copy -> copy.message().seq()));
        for (Claim earlier : row.claims) {
            if (eligible.test(earlier.chosen)) {
                options.add(earlier.chosen);
            }
        }
        Copy chosen = find(row, options, new HashSet<>());
        if (chosen == null) {
            return null;
        }
        row.free.remove(chosen);
        Claim claim = new Claim(options, chosen);
        row.claims.add(claim);
        return claim;
    }

    /// A free one of the options, if need be after earlier claims took others.
    private static @Nullable Copy find(Row row, List<Copy> options, Set<Claim> asked) {
        for (Copy option : options) {
            if (row.free.contains(option)) {
                return option;
            }
        }
        for (Claim claim : row.claims) {
            if (options.contains(claim.chosen) && asked.add(claim)) {
                Copy other = find(row, claim.options, asked);
                if (other != null) {
                    Copy given = claim.chosen;
                    row.free.remove(other);
                    row.free.add(given);
                    claim.chosen = other;
                    return given;
                }
            }
        }
        return null;
    }

    /// What a client got is for another member again.
    void giveBack(Claim claim) {
        Row row = rows.computeIfAbsent(claim.chosen.message().key(), key -> new Row());
        if (row.claims.remove(claim)) {
            row.free.add(claim.chosen);
        }
    }

    /// All that came to nobody.
    List<Copy> free() {
        return rows.values().stream().flatMap(row -> row.free.stream()).toList();
    }

    /// What a session is owed and did not get.
    List<Copy> of(ModelSession session) {
        return free().stream().filter(copy -> copy.owner() == session).toList();
    }

    /// Takes away the copy of a share group; whether there was one.
    boolean removeFree(String share, String key) {
        Row row = rows.get(key);
        return row != null
                && row.free.stream()
                        .filter(copy -> share.equals(copy.share()))
                        .findFirst()
                        .map(row.free::remove)
                        .orElse(false);
    }

    /// Whether a client got, or may have got, a copy of its own, for which one of a share group may
    /// have been mistaken.
    boolean hadOne(String clientId, String key) {
        Row row = rows.get(key);
        return row != null
                && row.claims.stream()
                        .map(claim -> claim.chosen.owner())
                        .anyMatch(owner -> owner != null && owner.clientId().equals(clientId));
    }

    void remove(Copy copy) {
        Row row = rows.get(copy.message().key());
        if (row != null) {
            row.free.remove(copy);
        }
    }

    /// Whether somebody who got what need not have come may have got this one.
    boolean isReplaceable(Copy copy) {
        Row row = rows.get(copy.message().key());
        if (row != null) {
            for (Claim claim : row.claims) {
                if (claim.chosen.isOptional() && claim.options.contains(copy)) {
                    claim.chosen = copy;
                    return true;
                }
            }
        }
        return false;
    }

    void clear() {
        rows.clear();
    }
}
