package io.sotto.transport;

/// A listener that proxies pass connections on to, with the PROXY protocol.
///
/// @param sources who may; nobody else gets in; setting `listeners[].proxy.sources`
/// @param identity whether the common name of a client certificate that a proxy has checked is the
///   user name; setting `listeners[].proxy.identity`
public record ProxySettings(Networks sources, boolean identity) {}
