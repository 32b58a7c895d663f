package io.sotto.transport;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A set of network addresses, as blocks that begin with the same bits.
public record Networks(List<Block> blocks) {
    public static final Networks NONE = new Networks(List.of());

    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    /// Reads such a set.
    ///
    /// @param texts single addresses, and blocks such as `10.0.0.0/8`
    /// @throws IllegalArgumentException with a clause that names the text that is neither
    public static Networks of(List<String> texts) {
        return new Networks(texts.stream().map(Block::of).toList());
    }

    /// All addresses that begin like this one.
    ///
    /// @param bits how many bits are alike
    public record Block(InetAddress base, int bits) {
        static Block of(String text) {
            int slash = text.indexOf('/');
            InetAddress base = literal(slash < 0 ? text : text.substring(0, slash));
            int most = base == null ? 0 : base.getAddress().length * 8;
            int bits = slash < 0 ? most : number(text.substring(slash + 1));
            if (base == null || bits < 0 || bits > most) {
                throw new IllegalArgumentException(
                        "has '" + text + "', which is no address and no block such as 10.0.0.0/8");
            }
            return new Block(base, bits);
        }

        private static int number(String text) {
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                return -1;
            }
        }

        boolean contains(InetAddress address) {
            byte[] ours = base.getAddress();
            byte[] theirs = address.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                if (((ours[bit >> 3] ^ theirs[bit >> 3]) << (bit & 7) & 0x80) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /// An address that is written down, never a name that would have to be looked up.
    static @Nullable InetAddress literal(String text) {
        try {
            return LITERAL.matcher(text).matches() ? InetAddress.ofLiteral(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Whether one of the blocks has this address.
    boolean contains(String address) {
        InetAddress one = blocks.isEmpty() ? null : literal(address);
        return one != null && blocks.stream().anyMatch(block -> block.contains(one));
    }
}
