package io.sotto.interop;

/// The broker's answer to a login.
///
/// @param reason 0 for a success, else the return code of 3.x or the reason code of 5.0
/// @param clientId what the broker assigned, empty if nothing
record ConnAck(boolean sessionPresent, int reason, String clientId) {}
