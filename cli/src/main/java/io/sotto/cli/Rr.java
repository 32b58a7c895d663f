package io.sotto.cli;

import io.sotto.cli.OutputOptions.Printer;
import io.sotto.client.Client;
import io.sotto.client.ClientOptions;
import io.sotto.client.Received;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.TopicName;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Asks and waits for the answer.
@Command(
        name = "rr",
        sortOptions = false,
        exitCodeOnInvalidInput = ClientCommand.FAILED,
        description = {
            "Publishes a request, waits for one response and prints it.",
            "With 5.0, the usual version here, the request says where the response belongs. The"
                    + " options are those of mosquitto_rr."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the response is there",
            "1:something that was given is wrong, or the broker cannot be reached",
            "27:the time of -W is over",
            "2 to 5, 128 to 162:the broker refused; the reason code"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto rr -t oven/ask -e oven/answer/1 -m temperature -W 5",
            "  sotto rr -t ask -e answer -m x -D publish correlation-data 7 -F '%%D %%p'"
        })
final class Rr extends ClientCommand {
    private final Streams streams;

    @Mixin MessageOptions message = new MessageOptions();

    @Option(
            names = {"-e", "--response-topic"},
            paramLabel = "TOPIC",
            description = "Where the response is awaited.")
    @Nullable String answers;

    @Option(names = "-W", paramLabel = "SECONDS", description = "Ends after this time, with 27.")
    @Nullable Integer seconds;

    @Option(names = "-R", description = "A retained message is no response.")
    boolean fresh;

    @Mixin OutputOptions output = new OutputOptions();

    Rr(Streams streams) {
        super(ProtocolVersion.MQTT_5);
        this.streams = streams;
    }

    private record Request(TopicName topic, Payload payload, PublishProperties properties) {}

    @Override
    int run() throws IOException {
        String topic = message.topic != null ? message.topic : connect.topic();
        if (topic == null || answers == null || message.sources() != 1) {
            throw new IllegalArgumentException(
                    "a request needs a topic (-t), a response topic (-e) and one of -m, -f, -n, -s");
        }
        if (seconds != null && seconds < 1) {
            throw new IllegalArgumentException("-W is above 0");
        }
        String place = TopicName.of(answers).toString();
        boolean five = version().hasProperties();
        Printer printer = output.settle(streams.out(), five);
        PublishProperties properties =
                five ? connect.properties.message("publish", place) : PublishProperties.NONE;
        Request request =
                new Request(TopicName.of(topic), message.payload(streams.in()), properties);
        ClientOptions options = options();
        return connected(
                options,
                client -> {
                    Deadline deadline = Deadline.in(seconds);
                    debug("subscribed to " + place + ": " + client.subscribe(place, message.qos));
                    ask(client, request);
                    return await(client, printer, deadline);
                });
    }

    private void ask(Client client, Request request) {
        debug(
                "asked: "
                        + client.publish(
                                request.topic,
                                request.payload,
                                message.qos,
                                message.retain,
                                request.properties));
    }

    private int await(Client client, Printer printer, Deadline deadline) throws IOException {
        while (!deadline.isOver()) {
            Received response = client.next(deadline.step());
            if (response == null) {
                watch(client);
                continue;
            }
            Publish message = response.message();
            boolean wanted = !(fresh && message.retain());
            if (wanted) {
                print(message, printer);
            }
            response.acknowledge();
            if (wanted) {
                return DONE;
            }
        }
        failed("timed out");
        return TIMED_OUT;
    }

    private void print(Publish message, Printer printer) throws IOException {
        try {
            printer.print(message);
        } catch (PayloadView.Unreadable e) {
            failed(String.valueOf(e.getMessage()));
        }
    }
}
