package io.sotto.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// The expensive steps of one handshake, which are done on threads of their own. Stands before TLS
/// and keeps the end of the connection from it while one is under way: whoever says all it has to
/// say and leaves has done so before its certificate is checked, and is heard all the same.
///
/// A step that takes too long ends with the handshake (`listeners[].tls.handshake-timeout`).
/// Belongs to the loop in which the connection begins.
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for the end of a connection
final class HandshakeSteps extends ChannelInboundHandlerAdapter implements Executor {
    private final DuplexChannel channel;
    private final Executor workers;
    private final Runnable end;
    private int underWay;
    private boolean ended;

    /// @param workers who do them
    /// @param end closes the channel, wherever it is by then: what came behind the handshake may
    ///   have it move to another loop
    HandshakeSteps(DuplexChannel channel, Executor workers, Runnable end) {
        this.channel = channel;
        this.workers = workers;
        this.end = end;
    }

    /// From here on an end is told before the channel is closed.
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void execute(Runnable step) {
        EventLoop here = channel.eventLoop();
        workers.execute(() -> {
            try {
                step.run();
            } finally {
                tellDone(here);
            }
        });
        underWay++;
    }

    /// Behind what TLS does with the outcome, which it has left to the loop as well.
    private void tellDone(EventLoop here) {
        try {
            here.execute(this::done);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and the connection with it.
        }
    }

    private void done() {
        underWay--;
        endIfThrough();
    }

    private void endIfThrough() {
        if (ended && underWay == 0) {
            end.run();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ended = true;
            endIfThrough();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /// The handshake is over. What came behind it is read before anything else is done.
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    }
}
