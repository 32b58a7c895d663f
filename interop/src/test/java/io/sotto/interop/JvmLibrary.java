package io.sotto.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;

/// Clients that live in this JVM. Those that are to be killed get a JVM of their own.
enum JvmLibrary {
    HIVEMQ_3,
    HIVEMQ_5,
    PAHO_3_1,
    PAHO_3_1_1,
    PAHO_5;

    private Client create() {
        return switch (this) {
            case HIVEMQ_3 -> new HiveMqThree();
            case HIVEMQ_5 -> new HiveMqFive();
            case PAHO_3_1 -> new PahoThree(3);
            case PAHO_3_1_1 -> new PahoThree(4);
            case PAHO_5 -> new PahoFive();
        };
    }

    Library open() {
        return new Opened();
    }

    /// Connects and waits for its end. The arguments: which library, and the login as JSON.
    public static void main(String[] arguments) throws JsonProcessingException {
        Client client = valueOf(arguments[0]).create();
        ConnAck answer = client.connect(Agent.JSON.readValue(arguments[1], Login.class));
        System.out.println("connected, reason " + answer.reason());
    }

    private final class Opened implements Library {
        private final List<Client> opened = new ArrayList<>();

        @Override
        public Client client() {
            Client client = create();
            opened.add(client);
            return client;
        }

        @Override
        public Mortal mortal(Login login) {
            Running process = Running.start(command(login));
            process.awaitLine("connected, reason 0");
            return new Mortal() {
                @Override
                public void kill() {
                    process.kill();
                }

                @Override
                public void close() {
                    process.close();
                }
            };
        }

        private List<String> command(Login login) {
            try {
                return Processes.java(
                        JvmLibrary.class, name(), Agent.JSON.writeValueAsString(login));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            opened.forEach(Client::close);
        }
    }
}
