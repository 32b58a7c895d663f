package io.sotto.testkit.sim;

/// Topic filters as the model understands them: texts, split at `/`. Shares nothing with the
/// broker.
final class Topics {
    private static final String SHARE = "$share/";

    private Topics() {}

    static boolean isShared(String filter) {
        return filter.startsWith(SHARE);
    }

    /// The filter without the share prefix.
    static String effective(String filter) {
        return isShared(filter)
                ? filter.substring(filter.indexOf('/', SHARE.length()) + 1)
                : filter;
    }

    static boolean matches(String filter, String topic) {
        String[] wanted = effective(filter).split("/", -1);
        String[] given = topic.split("/", -1);
        if (topic.startsWith("$") && (wanted[0].equals("#") || wanted[0].equals("+"))) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return true;
            }
            if (i >= given.length || !wanted[i].equals("+") && !wanted[i].equals(given[i])) {
                return false;
            }
        }
        return wanted.length == given.length;
    }
}
