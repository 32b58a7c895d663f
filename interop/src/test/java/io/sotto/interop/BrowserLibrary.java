package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

/// MQTT.js in the tabs of a browser. Who is to be killed has its tab closed.
record BrowserLibrary(String version, Way way) implements Library {
    @Override
    public Client client() {
        return Chromium.shared().client(version, way);
    }

    @Override
    public Mortal mortal(Login login) {
        Agent.Remote client = Chromium.shared().client(version, way);
        assertThat(client.connect(login).reason()).isZero();
        return new Mortal() {
            @Override
            public void kill() {
                Chromium.closeTab(client);
            }

            @Override
            public void close() {
                Chromium.closeTab(client);
            }
        };
    }

    @Override
    public void close() {
        // The browser is shared, and the tabs are those of the clients.
    }
}
