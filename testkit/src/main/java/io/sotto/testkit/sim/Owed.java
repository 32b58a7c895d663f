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

/// What sessions and share groups are owed, and who got what.
///
/// A message does not say through which subscription it came, whether it is the first or the second
/// of two that are alike, nor whether it comes live or because it is retained. So who got what is
/// kept open as far as it can be: a claim that finds nothing free asks earlier claims to take
/// something else that would have done as well.
final class Owed {
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<Debt, Claim> taken = new LinkedHashMap<>();

    /// All copies that look alike.
    private static final class Row {
        private final List<Copy> free = new ArrayList<>();
        private final List<Claim> claims = new ArrayList<>();
    }

    /// That a client got, or lost, one of several things that it may have been owed.
    static final class Claim {
        private final String key;
        private final List<Debt> options;
        private Debt chosen;

        Claim(String key, List<Debt> options, Debt chosen) {
            this.key = key;
            this.options = options;
            this.chosen = chosen;
        }

        Debt chosen() {
            return chosen;
        }

        /// All that it may be for.
        List<Debt> options() {
            return options;
        }
    }

    void add(Copy copy) {
        row(copy).free.add(copy);
    }

    private Row row(Copy copy) {
        return rows.computeIfAbsent(copy.message().key(), key -> new Row());
    }

    /// The copies that a client may have got, free ones first.
    ///
    /// @param eligible whether it can have been this one
    List<Debt> copies(String key, Predicate<Copy> eligible) {
        Row row = rows.get(key);
        List<Debt> found = new ArrayList<>();
        if (row == null) {
            return found;
        }
        row.free.stream()
                .filter(eligible)
                .sorted(Comparator.comparingLong(copy -> copy.message().seq()))
                .forEach(found::add);
        for (Claim earlier : row.claims) {
            if (earlier.chosen instanceof Copy copy && eligible.test(copy)) {
                found.add(copy);
            }
        }
        return found;
    }

    /// Takes something for what came to a client or was dropped; null when there is nothing that it
    /// can have been.
    ///
    /// @param options what it can have been, the likelier first
    @Nullable Claim claim(String key, List<Debt> options) {
        Debt chosen = find(options, new HashSet<>());
        if (chosen == null) {
            return null;
        }
        Claim claim = new Claim(key, options, chosen);
        take(claim, chosen);
        rows.computeIfAbsent(key, any -> new Row()).claims.add(claim);
        return claim;
    }

    /// A free one, if need be after earlier claims took others.
    private @Nullable Debt find(List<Debt> options, Set<Claim> asked) {
        for (Debt option : options) {
            if (option.isFree()) {
                return option;
            }
        }
        for (Debt option : options) {
            Claim holder = taken.get(option);
            if (holder != null && asked.add(holder)) {
                Debt other = find(holder.options, asked);
                if (other != null) {
                    letGo(holder);
                    take(holder, other);
                    return option;
                }
            }
        }
        return null;
    }

    private void take(Claim claim, Debt debt) {
        claim.chosen = debt;
        taken.put(debt, claim);
        debt.free(false);
        if (debt instanceof Copy copy) {
            row(copy).free.remove(copy);
        }
    }

    private void letGo(Claim claim) {
        taken.remove(claim.chosen);
        claim.chosen.free(true);
        if (claim.chosen instanceof Copy copy) {
            row(copy).free.add(copy);
        }
    }

    /// What a client got, if it was that of a share group, is for another member again.
    void giveBack(Claim claim) {
        Row row = rows.get(claim.key);
        if (row != null && row.claims.remove(claim)) {
            letGo(claim);
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

    /// Takes a copy of a share group for dropped; whether one was free.
    boolean dropFree(String share, String key) {
        List<Debt> options = copies(key, copy -> share.equals(copy.share()));
        return options.stream().anyMatch(Debt::isFree) && claim(key, options) != null;
    }

    /// Whether a client got, or may have got, a copy of its own, for which one of a share group may
    /// have been mistaken.
    boolean hadOne(String clientId, String key) {
        Row row = rows.get(key);
        return row != null
                && row.claims.stream()
                        .map(claim -> claim.chosen instanceof Copy copy ? copy.owner() : null)
                        .anyMatch(owner -> owner != null && owner.clientId().equals(clientId));
    }

    void remove(Copy copy) {
        row(copy).free.remove(copy);
        copy.free(false);
    }

    /// Whether what was taken for something that need not have come may have been this instead,
    /// perhaps after others changed what they are taken for.
    boolean isReplaceable(Debt missing, Predicate<Debt> optional) {
        return isReplaceable(missing, optional, new HashSet<>());
    }

    private boolean isReplaceable(Debt missing, Predicate<Debt> optional, Set<Claim> asked) {
        for (Claim claim : List.copyOf(taken.values())) {
            if (claim.options.contains(missing) && asked.add(claim)) {
                Debt other = claim.chosen;
                if (optional.test(other) || isReplaceable(other, optional, asked)) {
                    taken.remove(other, claim);
                    take(claim, missing);
                    return true;
                }
            }
        }
        return false;
    }

    void clear() {
        rows.clear();
        taken.clear();
    }
}
