package io.sotto.interop;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A program in another language that runs clients as it is told, in JSON lines; see
/// `python/agent.py` for what is said.
final class Agent implements AutoCloseable {
    static final JsonMapper JSON =
            JsonMapper.builder()
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private final Running process;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Map<String, Arrivals> arrivals = new ConcurrentHashMap<>();

    private Agent(List<String> command) {
        process = Running.start(command, this::heard);
    }

    static Agent start(List<String> command) {
        return new Agent(command);
    }

    /// A client of this program, not yet connected, that will connect to the shared broker.
    Remote client(String version, Way way) {
        return client(version, () -> way.to(Broker.port()));
    }

    /// One that will connect to another address.
    Remote client(String version, Supplier<Map<String, Object>> address) {
        String name = "client-" + numbers.incrementAndGet();
        Arrivals its = new Arrivals();
        arrivals.put(name, its);
        return new Remote(name, version, address, its);
    }

    /// Asks the program itself.
    JsonNode ask(String action, Map<String, ?> details) {
        return ask("nobody", action, details);
    }

    /// Ends the program and its clients with SIGKILL.
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    private JsonNode ask(String client, String action, Map<String, ?> details) {
        int number = numbers.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(number, answer);
        Map<String, Object> command = new LinkedHashMap<>(details);
        command.put("n", number);
        command.put("client", client);
        command.put("do", action);
        try {
            process.say(JSON.writeValueAsString(command) + "\n");
            JsonNode result = answer.get(Client.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (result.has("error")) {
                throw new AssertionError(action + ": " + result.get("error").asText());
            }
            return result;
        } catch (TimeoutException _) {
            throw new AssertionError("no answer to " + action + " from " + process);
        } catch (InterruptedException | ExecutionException | JsonProcessingException e) {
            throw new AssertionError(action + " failed, " + process, e);
        }
    }

    private void heard(String line) {
        if (!line.startsWith("{")) {
            return;
        }
        try {
            JsonNode heard = JSON.readTree(line);
            if (heard.has("n")) {
                answers.getOrDefault(heard.get("n").asInt(), new CompletableFuture<>())
                        .complete(heard);
                return;
            }
            Arrivals its = arrivals.getOrDefault(heard.get("client").asText(), new Arrivals());
            if (heard.get("event").asText().equals("message")) {
                its.message(JSON.treeToValue(heard.get("message"), Message.class));
            } else {
                its.closed(heard.get("reason").asInt());
            }
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("not understood: " + line, e);
        }
    }

    final class Remote implements Client {
        private final String name;
        private final String version;
        private final Supplier<Map<String, Object>> address;
        private final Arrivals arrivals;

        private Remote(
                String name,
                String version,
                Supplier<Map<String, Object>> address,
                Arrivals arrivals) {
            this.name = name;
            this.version = version;
            this.address = address;
            this.arrivals = arrivals;
        }

        @Override
        public ConnAck connect(Login login) {
            Map<String, Object> command = new LinkedHashMap<>(address.get());
            command.put("version", version);
            command.put("login", login);
            JsonNode answer = ask(name, "connect", command);
            return new ConnAck(
                    answer.get("sessionPresent").asBoolean(),
                    answer.get("reason").asInt(),
                    answer.get("clientId").asText());
        }

        /// Has the program do something with it that other programs cannot.
        void does(String action, Map<String, ?> details) {
            ask(name, action, details);
        }

        @Override
        public int subscribe(Subscription subscription) {
            return reason(ask(name, "subscribe", Map.of("subscription", subscription)));
        }

        @Override
        public int unsubscribe(String filter) {
            return reason(ask(name, "unsubscribe", Map.of("filter", filter)));
        }

        @Override
        public int publish(Message message) {
            return reason(ask(name, "publish", Map.of("message", message)));
        }

        @Override
        public void flood(String topic, int qos, int count) {
            ask(name, "flood", Map.of("topic", topic, "qos", qos, "count", count));
        }

        @Override
        public void disconnect() {
            ask(name, "disconnect", Map.of());
        }

        @Override
        public Arrivals arrivals() {
            return arrivals;
        }

        @Override
        public void close() {
            disconnect();
        }

        private static int reason(JsonNode answer) {
            return answer.has("reason") ? answer.get("reason").asInt() : UNTOLD;
        }
    }
}
