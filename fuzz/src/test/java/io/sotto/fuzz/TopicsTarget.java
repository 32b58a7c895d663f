package io.sotto.fuzz;

import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Topic names and filters against any bytes, beside slow code that was written from section 4.7
/// alone.
///
/// ```text
/// | length of the name (1) | name | filter ... |
/// ```
public final class TopicsTarget {
    private TopicsTarget() {}

    /// What Jazzer calls.
    public static void fuzzerTestOneInput(byte[] data) {
        Bounds.inTime(() -> run(new Input(data)));
    }

    private static void run(Input input) {
        byte[] name = input.some(input.one());
        byte[] filter = input.rest();
        String topicText = text(name);
        String filterText = text(filter);
        TopicName topic = topic(name);
        TopicFilter parsed = filterText == null ? null : filter(filterText);
        agree(topic != null, topicText != null && isTopicName(topicText), "a name: " + topicText);
        if (filterText == null) {
            return;
        }
        agree(parsed != null, isTopicFilter(filterText), "a filter: " + filterText);
        if (parsed != null) {
            agree(parsed.toString().equals(filterText), true, "the same text: " + filterText);
        }
        if (topic != null && parsed != null) {
            boolean matches = matches(parsed.effective(), topic.toString());
            String what = filterText + " on " + topic;
            agree(parsed.matches(topic), matches, what);
            agree(found(parsed, topic), matches, "in the tree of filters: " + what);
            agree(selected(parsed, topic), matches, "in the tree of names: " + what);
        }
    }

    private static void agree(boolean actual, boolean expected, String what) {
        if (actual != expected) {
            throw new AssertionError((actual ? "taken for " : "not taken for ") + what);
        }
    }

    /// The text, or null for bytes that are none: by the JDK's own judgement.
    private static @Nullable String text(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            text = null;
        }
        boolean good = text != null && text.indexOf('\0') < 0;
        Utf8.Kind kind = Utf8.judge(bytes, 0, bytes.length);
        agree(kind != Utf8.Kind.MALFORMED, good, "text: " + Arrays.toString(bytes));
        return good ? text : null;
    }

    private static @Nullable TopicName topic(byte[] bytes) {
        try {
            return TopicName.validated(bytes, bytes.length, TopicLimits.NONE);
        } catch (ProtocolException e) {
            return null;
        }
    }

    private static @Nullable TopicFilter filter(String text) {
        try {
            return TopicFilter.of(text);
        } catch (ProtocolException e) {
            return null;
        }
    }

    private static boolean found(TopicFilter filter, TopicName topic) {
        TopicTree<String> filters = new TopicTree<>(7);
        List<String> found = new ArrayList<>();
        filters.with(filter, absent -> "here").match(topic, found::add);
        return !found.isEmpty();
    }

    private static boolean selected(TopicFilter filter, TopicName topic) {
        TopicTree<String> names = new TopicTree<>(7);
        Iterator<String> selected = names.with(topic, absent -> "here").select(filter);
        return selected.hasNext();
    }

    private static boolean isTopicName(String text) {
        return !text.isEmpty() && text.indexOf('+') < 0 && text.indexOf('#') < 0 && isShort(text);
    }

    private static boolean isShort(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= 65_535;
    }

    private static boolean isTopicFilter(String text) {
        if (text.isEmpty() || !isShort(text)) {
            return false;
        }
        List<String> levels = List.of(text.split("/", -1));
        if (levels.getFirst().equals("$share")) {
            boolean complete = levels.size() >= 3 && !levels.get(1).isEmpty();
            if (!complete || levels.get(1).contains("+") || levels.get(1).contains("#")) {
                return false;
            }
            levels = levels.subList(2, levels.size());
            if (levels.equals(List.of(""))) {
                return false;
            }
        }
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            boolean last = i == levels.size() - 1;
            boolean wild = level.equals("+") || level.equals("#") && last;
            if (!wild && (level.contains("+") || level.contains("#"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
            return false;
        }
        List<String> wanted = List.of(filter.split("/", -1));
        List<String> given = List.of(topic.split("/", -1));
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.get(i).equals("#")) {
                return true;
            }
            if (i == given.size()
                    || !wanted.get(i).equals("+") && !wanted.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return wanted.size() == given.size();
    }
}
