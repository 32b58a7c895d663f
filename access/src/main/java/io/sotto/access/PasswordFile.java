package io.sotto.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A password file as mosquitto_passwd writes it, and htpasswd with bcrypt: a line per user, the
/// name and the hash with a colon between.
public final class PasswordFile {
    private PasswordFile() {}

    /// Reads such a file. What is wrong is told without what stands behind the colon.
    ///
    /// @param text what is in it
    /// @return the hashes by user name, in the order of the file
    public static Map<String, PasswordHash> read(String text, MosquittoRules.Faults faults) {
        Map<String, PasswordHash> users = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                line(i + 1, line, users, faults);
            }
        }
        return users;
    }

    private static void line(
            int number,
            String line,
            Map<String, PasswordHash> users,
            MosquittoRules.Faults faults) {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon)).strip();
        if (name.isEmpty()) {
            faults.add(number, "the line is to be a user name, a colon and a hash");
            return;
        }
        try {
            PasswordHash hash = PasswordHash.parse(line.substring(colon + 1).strip());
            if (users.putIfAbsent(name, hash) != null) {
                faults.add(number, "user '" + name + "' is given twice");
            }
        } catch (IllegalArgumentException e) {
            faults.add(number, "the password of '" + name + "' " + e.getMessage());
        }
    }
}
