package io.sotto.mqtt;

/// One of the fifteen control packets. The same records serve all versions: what a version does not
/// have stays at its default and is not written.
public sealed interface Packet
        permits Connect,
                ConnAck,
                Publish,
                Ack,
                Subscribe,
                SubAck,
                Unsubscribe,
                UnsubAck,
                PingReq,
                PingResp,
                Disconnect,
                Auth {}
