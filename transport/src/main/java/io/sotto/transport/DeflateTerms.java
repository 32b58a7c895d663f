package io.sotto.transport;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the two ends of a WebSocket agree on about permessage-deflate (RFC 7692, section 7.1).
///
/// @param keepsOwn whether a message of the broker may refer to earlier ones
/// @param keepsTheirs whether a message of the client may
/// @param window how far back a message of the broker may refer, as the power of two that the
///   client asked for, 8 to 15; 0 when it did not ask
record DeflateTerms(boolean keepsOwn, boolean keepsTheirs, int window) {
    static final int WIDEST = 15;

    private static final String NAME = "permessage-deflate";
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final Pattern EXTENSION = Pattern.compile(TOKEN);
    private static final Pattern PARAMETER =
            Pattern.compile("(%1$s)(?:[ \t]*+=[ \t]*+(?:(%1$s)|\"(%1$s)\"))?+".formatted(TOKEN));
    private static final Pattern WINDOW = Pattern.compile("[89]|1[0-5]");

    /// A parameter of an extension as it came.
    private record Parameter(String name, @Nullable String value) {}

    /// The first offer that can be met; null where there is none. An offer with a parameter that is
    /// unknown, wrong or doubled is passed over (section 7).
    ///
    /// @param offers the items of the header `Sec-WebSocket-Extensions`, in the client's order
    /// @throws FrameException when one of them is no extension (RFC 6455, section 9.1)
    static @Nullable DeflateTerms agree(List<String> offers) throws FrameException {
        DeflateTerms agreed = null;
        for (String offer : offers) {
            if (!offer.isEmpty()) {
                DeflateTerms terms = terms(offer.split(";", -1));
                agreed = agreed == null ? terms : agreed;
            }
        }
        return agreed;
    }

    private static @Nullable DeflateTerms terms(String[] parts) throws FrameException {
        String extension = parts[0].strip();
        if (!EXTENSION.matcher(extension).matches()) {
            throw malformed();
        }
        DeflateTerms terms = extension.equals(NAME) ? new DeflateTerms(true, true, 0) : null;
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            Parameter parameter = parameter(parts[i].strip());
            terms = terms != null && seen.add(parameter.name()) ? terms.with(parameter) : null;
        }
        return terms;
    }

    private static Parameter parameter(String text) throws FrameException {
        Matcher matcher = PARAMETER.matcher(text);
        if (!matcher.matches()) {
            throw malformed();
        }
        String plain = matcher.group(2);
        return new Parameter(matcher.group(1), plain == null ? matcher.group(3) : plain);
    }

    private static FrameException malformed() {
        return FrameException.protocol("an offer of an extension that is none");
    }

    /// How far back the client itself refers at most is its own affair: the broker reads it all.
    private @Nullable DeflateTerms with(Parameter parameter) {
        String value = parameter.value();
        boolean isWindow = value != null && WINDOW.matcher(value).matches();
        return switch (parameter.name()) {
            case "server_no_context_takeover" ->
                    value == null ? new DeflateTerms(false, keepsTheirs, window) : null;
            case "client_no_context_takeover" ->
                    value == null ? new DeflateTerms(keepsOwn, false, window) : null;
            case "server_max_window_bits" ->
                    isWindow
                            ? new DeflateTerms(keepsOwn, keepsTheirs, Integer.parseInt(value))
                            : null;
            case "client_max_window_bits" -> value == null || isWindow ? this : null;
            default -> null;
        };
    }

    /// Whether anything outlives a message.
    boolean keeps() {
        return keepsOwn || keepsTheirs;
    }

    /// Whether a message of the broker may refer less far back than zlib does by itself.
    boolean isNarrow() {
        return window > 0 && window < WIDEST;
    }

    /// The same with each message for itself.
    DeflateTerms forgetful() {
        return new DeflateTerms(false, false, window);
    }

    /// The same as the broker can meet it: what refers less far back than zlib does by itself
    /// refers to no earlier message.
    DeflateTerms feasible() {
        return isNarrow() ? new DeflateTerms(false, keepsTheirs, window) : this;
    }

    /// The value of the header `Sec-WebSocket-Extensions` that says so.
    @Override
    public String toString() {
        return NAME
                + (keepsOwn ? "" : "; server_no_context_takeover")
                + (keepsTheirs ? "" : "; client_no_context_takeover")
                + (window == 0 ? "" : "; server_max_window_bits=" + window);
    }
}
