package io.sotto.access;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// All network addresses that begin with the same bits.
///
/// @param bits how many bits are alike
public record AddressBlock(InetAddress base, int bits) {
    private static final int DOTS = 3;

    /// Reads an address, or a block such as `10.0.0.0/8`.
    ///
    /// @throws IllegalArgumentException with a clause that names the text when it is neither
    public static AddressBlock of(String text) {
        int slash = text.indexOf('/');
        InetAddress base = literal(slash < 0 ? text : text.substring(0, slash));
        int most = base == null ? 0 : base.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? most : number(text.substring(slash + 1));
        if (base == null || bits < 0 || bits > most) {
            throw new IllegalArgumentException(
                    "has '" + text + "', which is no address and no block such as 10.0.0.0/8");
        }
        return new AddressBlock(base, bits);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /// An address that is written down in full, never a name that would have to be looked up.
    static @Nullable InetAddress literal(String text) {
        boolean full = text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == DOTS;
        try {
            return full ? InetAddress.ofLiteral(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
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

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + bits;
    }
}
