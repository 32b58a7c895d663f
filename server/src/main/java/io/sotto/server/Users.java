package io.sotto.server;

import static java.util.Objects.requireNonNull;

import io.sotto.access.PasswordHash;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.SottoConfig.Overrides;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Commands about the users of a password file.
@Command(
        name = "users",
        description = {
            "Adds, changes, deletes, verifies and lists the users of a password file.",
            "`sotto reload` has a running broker go by it."
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto users add ada --file users.txt   asks for the password",
            "  sotto users change ada --config sotto.yaml < password.txt",
            "                                         in the password-file of a configuration",
            "  sotto users delete ada --config sotto.yaml",
            "  sotto users list --file users.txt"
        })
final class Users {
    Users() {}

    static CommandLine command() {
        return new CommandLine(new Users())
                .addSubcommand(new Add())
                .addSubcommand(new Change())
                .addSubcommand(new Delete())
                .addSubcommand(new Verify())
                .addSubcommand(new Listing());
    }

    /// Which password file is meant.
    static final class Where {
        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "The password file; `add` makes one that is not there.")
        @Nullable Path file;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                defaultValue = "${env:SOTTO_CONFIG}",
                description = "The configuration whose password-file is meant. Also SOTTO_CONFIG.")
        @Nullable Path config;

        Where() {}

        Path file(CommandLine command) throws PasswordStore.Refused {
            if (file != null) {
                return file;
            }
            if (config == null) {
                throw new ParameterException(
                        command, "--file is missing, and there is no --config instead");
            }
            try {
                String named = read().values().getOrDefault("password-file", "none");
                if (named.equals("none")) {
                    throw new PasswordStore.Refused(
                            config + ": password-file is missing; give one, or --file here");
                }
                return Path.of(named);
            } catch (ConfigException e) {
                throw new PasswordStore.Refused(
                        e.getMessage() + "\n--file names the password file itself");
            }
        }

        private SottoConfig read() throws ConfigException {
            return SottoConfig.load(new Overrides(config, null, null, null));
        }

        /// Says what is left to do for a broker that runs.
        void hint() {
            try {
                if (ControlSocket.isAnswered(read().store().folder())) {
                    System.out.println(
                            "a broker runs: `sotto reload%s` has it go by this"
                                    .formatted(config == null ? "" : " --config " + config));
                }
            } catch (ConfigException e) {
                // The file was changed; what else is wrong is told by the next reload.
            }
        }
    }

    /// What all of them share.
    abstract static class OnFile implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Mixin Where where = new Where();

        OnFile() {}

        @Override
        public Integer call() {
            try {
                CommandLine command = requireNonNull(spec).commandLine();
                Path file = where.file(command);
                if (!makesFile() && Files.notExists(file)) {
                    throw new PasswordStore.Refused(file + ": there is no such file");
                }
                return act(PasswordStore.read(file));
            } catch (PasswordStore.Refused e) {
                System.err.println(e.getMessage());
                return CommandLine.ExitCode.USAGE;
            } catch (IOException e) {
                return failed("nothing was changed: " + PrivateFiles.reason(e));
            }
        }

        /// Whether a file that is not there is no mistake.
        boolean makesFile() {
            return false;
        }

        abstract int act(PasswordStore store) throws IOException, PasswordStore.Refused;

        static int failed(String sentence) {
            System.err.println("sotto: " + sentence);
            return CommandLine.ExitCode.SOFTWARE;
        }

        int done(String sentence) {
            System.out.println(sentence);
            where.hint();
            return CommandLine.ExitCode.OK;
        }
    }

    /// What those share that are about one user.
    abstract static class OnUser extends OnFile {
        @Parameters(paramLabel = "NAME", description = "The user name.")
        String name = "";

        OnUser() {}

        boolean isIn(PasswordStore store) {
            return store.users().containsKey(name);
        }

        int unknown() {
            return failed("there is no user '" + name + "'");
        }

        int put(PasswordStore store, PasswordSource source, String what)
                throws IOException, PasswordStore.Refused {
            String password = source.read(true);
            if (password == null) {
                return CommandLine.ExitCode.SOFTWARE;
            }
            store.put(name, PasswordHash.of(password, new SecureRandom()));
            return done("user '" + name + "' " + what);
        }
    }

    /// Adds a user.
    @Command(name = "add", description = "Adds a user.")
    static final class Add extends OnUser {
        @Mixin PasswordSource source = new PasswordSource();

        Add() {}

        @Override
        boolean makesFile() {
            return true;
        }

        @Override
        int act(PasswordStore store) throws IOException, PasswordStore.Refused {
            String problem = PasswordStore.problem(name);
            if (problem != null) {
                return failed("the user name " + problem);
            }
            return isIn(store)
                    ? failed("user '" + name + "' is there already; `sotto users change`")
                    : put(store, source, "was added");
        }
    }

    /// Gives a user another password.
    @Command(name = "change", description = "Gives a user another password.")
    static final class Change extends OnUser {
        @Mixin PasswordSource source = new PasswordSource();

        Change() {}

        @Override
        int act(PasswordStore store) throws IOException, PasswordStore.Refused {
            return isIn(store) ? put(store, source, "has another password") : unknown();
        }
    }

    /// Deletes a user.
    @Command(name = "delete", description = "Deletes a user.")
    static final class Delete extends OnUser {
        Delete() {}

        @Override
        int act(PasswordStore store) throws IOException, PasswordStore.Refused {
            if (!isIn(store)) {
                return unknown();
            }
            store.remove(name);
            return done("user '" + name + "' was deleted");
        }
    }

    /// Says whether a password is the right one.
    @Command(
            name = "verify",
            description = {
                "Says whether a password is that of a user.",
                "The exit status is 0 when it is, 1 when it is not."
            })
    static final class Verify extends OnUser {
        @Mixin PasswordSource source = new PasswordSource();

        Verify() {}

        @Override
        int act(PasswordStore store) throws IOException {
            PasswordHash hash = store.users().get(name);
            if (hash == null) {
                return unknown();
            }
            String password = source.read(false);
            if (password == null) {
                return CommandLine.ExitCode.SOFTWARE;
            }
            if (!hash.matches(password.getBytes(StandardCharsets.UTF_8))) {
                return failed("that is not the password of '" + name + "'");
            }
            System.out.println("that is the password of '" + name + "'");
            return CommandLine.ExitCode.OK;
        }
    }

    /// Lists the users.
    @Command(name = "list", description = "Lists the user names, one a line.")
    static final class Listing extends OnFile {
        Listing() {}

        @Override
        int act(PasswordStore store) {
            store.users().keySet().forEach(System.out::println);
            return CommandLine.ExitCode.OK;
        }
    }
}
