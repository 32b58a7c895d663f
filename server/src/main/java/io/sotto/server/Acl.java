package io.sotto.server;

import static java.util.Objects.requireNonNull;

import io.sotto.access.Rule;
import io.sotto.access.Rules;
import io.sotto.broker.ReservedTopics;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.MountPoint;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Terms;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.ListenerConfig;
import io.sotto.server.config.SottoConfig;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Commands about who may do what.
@Command(
        name = "acl",
        description = "Says what the rules of a configuration mean.",
        synopsisSubcommandLabel = "COMMAND")
final class Acl {
    Acl() {}

    static CommandLine command() {
        CommandLine trial = new CommandLine(new Trial());
        trial.setCaseInsensitiveEnumValuesAllowed(true);
        return new CommandLine(new Acl()).addSubcommand(trial);
    }

    /// Asks the rules of a configuration as a broker would, without one.
    @Command(
            name = "test",
            description = {
                "Says whether a client may publish or subscribe, and by which rule.",
                "The exit status is 0 when it may, 1 when it may not."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  sotto acl test --config sotto.yaml --user ada --client lamp publish home/lamp",
                "  sotto acl test --config sotto.yaml --user ada subscribe 'home/#'",
                "  sotto acl test --config sotto.yaml --listener garden publish lamp"
            })
    static final class Trial implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                defaultValue = "${env:SOTTO_CONFIG}",
                description = "The configuration. Also SOTTO_CONFIG.")
        @Nullable Path config;

        @Option(
                names = "--user",
                paramLabel = "USER",
                description = "The user name; without one, an anonymous client.")
        String user = "";

        @Option(names = "--client", paramLabel = "CLIENT", description = "The client id.")
        String client = "";

        @Option(
                names = "--address",
                paramLabel = "ADDRESS",
                description =
                        "Where the client comes from; without it, no rule with an address"
                                + " allows, and each that would deny does.")
        @Nullable String address;

        @Option(
                names = "--listener",
                paramLabel = "NAME",
                description =
                        "The listener by which the client comes in, with its rules and its mount"
                                + " point; without it, no rule with a listener allows, and each"
                                + " that would deny does.")
        @Nullable String listener;

        @Option(names = "--qos", paramLabel = "N", description = "The QoS, 0 to 2 (default: 0).")
        int qos;

        @Option(names = "--retain", description = "Publish with retain.")
        boolean retain;

        @Parameters(index = "0", paramLabel = "publish|subscribe", description = "What to do.")
        Doing doing = Doing.PUBLISH;

        @Parameters(
                index = "1",
                paramLabel = "TOPIC",
                description = "The topic, or the topic filter of a subscription.")
        String topic = "";

        Trial() {}

        /// What is asked about.
        enum Doing {
            PUBLISH,
            SUBSCRIBE
        }

        @Override
        public Integer call() {
            CommandLine command = requireNonNull(spec).commandLine();
            if (qos < 0 || qos > 2) {
                throw new ParameterException(command, "--qos is to be 0, 1 or 2, not " + qos);
            }
            if (address != null && !isAddress(address)) {
                throw new ParameterException(
                        command, "--address is to be an IP address, not '" + address + "'");
            }
            if (doing == Doing.SUBSCRIBE && retain) {
                throw new ParameterException(command, "--retain is about publishing");
            }
            try {
                SottoConfig read =
                        SottoConfig.load(new SottoConfig.Overrides(config, null, null, null));
                Terms terms = terms(read.listeners());
                Answer answer =
                        doing == Doing.PUBLISH
                                ? publish(read.rules(), terms)
                                : subscribe(read.rules(), terms);
                System.out.println(answer.sentence);
                return answer.allowed ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
            } catch (ConfigException e) {
                System.err.println(e.getMessage());
                return CommandLine.ExitCode.USAGE;
            } catch (ProtocolException e) {
                throw new ParameterException(command, e.sentence(), e);
            }
        }

        /// No name: what a client comes from is a number.
        private static boolean isAddress(String text) {
            try {
                var _ = InetAddress.ofLiteral(text);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        private record Answer(boolean allowed, String sentence) {
            static final Answer NO_RULES =
                    new Answer(
                            true,
                            "allowed: there are no rules (acl, acl-file), so everybody may do"
                                    + " everything");

            static final Answer KEPT_BACK =
                    new Answer(
                            true,
                            "allowed: any subscription is (acl-subscriptions), but what no rule"
                                    + " allows is kept back");

            static Answer by(@Nullable Rule rule) {
                if (rule == null) {
                    return new Answer(false, "denied: no rule allows it");
                }
                return new Answer(
                        rule.allows(), (rule.allows() ? "allowed by " : "denied by ") + rule);
            }

            /// The same answer, and what it is about.
            Answer below(MountPoint mount, String said, Object whole) {
                return mount.isNone()
                        ? this
                        : new Answer(
                                allowed,
                                "%s; below its mount point, %s is %s"
                                        .formatted(sentence, said, whole));
            }
        }

        /// What the listener asks of its clients.
        private Terms terms(List<ListenerConfig> listeners) {
            if (listener == null) {
                return Terms.DEFAULT;
            }
            for (ListenerConfig each : listeners) {
                if (each.name().equals(listener)) {
                    return each.terms();
                }
            }
            throw new ParameterException(
                    requireNonNull(spec).commandLine(),
                    "--listener is to be one of "
                            + listeners.stream()
                                    .map(ListenerConfig::name)
                                    .collect(Collectors.joining(", "))
                            + ", not "
                            + listener);
        }

        private Answer publish(@Nullable Rules rules, Terms terms) {
            TopicName name = TopicName.of(topic);
            if (ReservedTopics.contains(name)) {
                return new Answer(false, "denied: only the broker itself publishes there");
            }
            TopicName whole = terms.mountPoint().whole(name, TopicLimits.NONE);
            Answer answer =
                    rules == null
                            ? Answer.NO_RULES
                            : Answer.by(
                                    rules.publishing(subject(terms), whole, QoS.of(qos), retain));
            return answer.below(terms.mountPoint(), topic, whole);
        }

        /// A subscription that is not allowed at its QoS is granted at a lower one.
        private Answer subscribe(@Nullable Rules rules, Terms terms) {
            TopicFilter filter = terms.mountPoint().whole(TopicFilter.of(topic), TopicLimits.NONE);
            Answer answer =
                    rules == null ? Answer.NO_RULES : subscribe(rules, filter, subject(terms));
            return answer.below(terms.mountPoint(), topic, filter);
        }

        private Answer subscribe(Rules rules, TopicFilter filter, Subject subject) {
            int granted = qos;
            Rule rule = rules.subscribing(subject, filter, QoS.of(granted));
            while (rule == null && granted > 0) {
                granted--;
                rule = rules.subscribing(subject, filter, QoS.of(granted));
            }
            if (rule == null && rules.takesAny()) {
                return Answer.KEPT_BACK;
            }
            Answer answer = Answer.by(rule);
            return answer.allowed && granted < qos
                    ? new Answer(true, answer.sentence + ", at QoS " + granted)
                    : answer;
        }

        private Subject subject(Terms terms) {
            return new Subject(
                    new Principal(user),
                    client,
                    new Origin(
                            listener == null ? Origin.NOWHERE.listener() : listener,
                            address == null ? Origin.NOWHERE.address() : address,
                            Origin.NOWHERE.port(),
                            Origin.NOWHERE.anonymousAllowed(),
                            null,
                            terms));
        }
    }
}
