package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/// Clients that live in a program of another language.
final class AgentLibrary implements Library {
    private final List<String> command;
    private final String version;
    private final Way way;
    private final Agent agent;

    private AgentLibrary(List<String> command, String version, Way way) {
        this.command = command;
        this.version = version;
        this.way = way;
        agent = Agent.start(command);
    }

    static Library python(String version) {
        return new AgentLibrary(Processes.python(Path.of("python", "agent.py")), version, Way.TCP);
    }

    static Library js(String version) {
        return js(version, Way.TCP);
    }

    static Library js(String version, Way way) {
        return new AgentLibrary(Processes.node(Path.of("js", "agent.mjs")), version, way);
    }

    @Override
    public Client client() {
        return agent.client(version, way);
    }

    @Override
    public Mortal mortal(Login login) {
        Agent own = Agent.start(command);
        assertThat(own.client(version, way).connect(login).reason()).isZero();
        return new Mortal() {
            @Override
            public void kill() {
                own.kill();
            }

            @Override
            public void close() {
                own.close();
            }
        };
    }

    @Override
    public void close() {
        agent.close();
    }
}
