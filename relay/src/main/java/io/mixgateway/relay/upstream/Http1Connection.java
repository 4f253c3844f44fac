package io.mixgateway.relay.upstream;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.impl.headers.HeadersAdaptor;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import java.net.ProtocolException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a provider over HTTP/1.1. Netty's codec reads it; Vert.x has made it and closes it with everything
 * else, but sees none of its bytes. It carries one call at a time, and none again after an answer that did not end properly.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter {
    private static final int MOST_STATUS_LINE_BYTES = 4 * 1024;
    private static final CharSequence KEEP_ALIVE_HEADER = HttpHeaders.createOptimized("keep-alive");

    private final Http1Connections home;
    private @Nullable ChannelHandlerContext channel;
    private @Nullable Http1Exchange exchange;
    private @Nullable ChannelFuture sent;
    private @Nullable Throwable trouble;
    private boolean interim;
    private boolean keepAlive;
    private boolean rested = true;
    private long keepAliveNanos = HttpUpstream.KEEP_ALIVE.toNanos();
    private long idleSinceNanos;

    Http1Connection(Http1Connections home) {
        this.home = home;
    }

    /** Takes over the socket's bytes. */
    void attach(NetSocketInternal socket) {
        var decoding = new HttpDecoderConfig()
                .setMaxInitialLineLength(MOST_STATUS_LINE_BYTES)
                .setMaxHeaderSize(HttpUpstream.MOST_HEADER_BYTES)
                .setMaxChunkSize(HttpUpstream.READ_BYTES);
        var before = socket.channelHandlerContext();
        before.pipeline().addBefore(before.name(), "http1", new HttpResponseDecoder(decoding));
        before.pipeline().addBefore(before.name(), "exchange", this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        channel = added;
    }

    private ChannelHandlerContext channel() {
        return requireNonNull(channel, "attached");
    }

    boolean isOpen() {
        return channel().channel().isActive();
    }

    void begin(Http1Exchange next, Http1Request request) {
        exchange = next;
        rested = false;
        keepAlive = false;
        next.isOn(this);
        sent = channel().writeAndFlush(request.encoded(channel().alloc()));
    }

    private void close() {
        var _ = channel().close();
    }

    void read(boolean on) {
        channel().channel().config().setAutoRead(on);
    }

    /** Its call is given up: what is still to come has no reader. */
    void abandon() {
        exchange = null;
        close();
    }

    // What comes off the wire -----------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        var current = exchange;
        if (current == null || trouble != null) {
            ReferenceCountUtil.release(message); // the decoder goes on with what it has, close or not
            if (isOpen()) {
                close(); // nobody asked for this
            }
            return;
        }
        var outer = current.context().beginDispatch();
        try {
            read(current, message);
        } catch (RuntimeException bug) {
            current.context().reportException(bug);
            trouble = bug;
            close();
        } finally {
            current.context().endDispatch(outer);
        }
    }

    private void read(Http1Exchange current, Object message) {
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            trouble = part.decoderResult().cause();
            close();
            return;
        }
        if (message instanceof HttpResponse response) {
            boolean other = response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
            if (other || response.protocolVersion().majorVersion() != 1) {
                ReferenceCountUtil.release(message);
                trouble = new ProtocolException("an answer that is not HTTP/1");
                close();
                return;
            }
            head(current, response);
        }
        if (message instanceof HttpContent content) {
            content(current, content);
        }
    }

    private void head(Http1Exchange current, HttpResponse response) {
        // 100 to 199 go before the answer (RFC 9110, 15.2).
        interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (!interim) {
            keepAlive = HttpUtil.isKeepAlive(response);
            hearTimeout(response.headers().get(KEEP_ALIVE_HEADER));
            current.head(response.status().code(), new HeadersAdaptor(response.headers()));
        }
    }

    private void content(Http1Exchange current, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (interim) {
            content.release();
            return;
        }
        if (content.content().isReadable() && exchange == current) {
            current.bytes(BufferInternal.safeBuffer(content.content()));
        } else {
            content.release();
        }
        if (last && exchange == current) {
            exchange = null;
            read(true);
            current.end();
        }
    }

    /** Free for the next call once all that was read together has been looked at, so that nothing is taken for its answer. */
    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        if (exchange == null && !rested && isOpen()) {
            if (keepAlive && sent != null && sent.isSuccess()) {
                home.isIdle(idle());
            } else {
                close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        trouble = cause;
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        home.isClosed(this);
        var broken = exchange;
        exchange = null;
        if (broken != null) {
            var why = trouble == null ? new HttpClosedException("closed") : trouble;
            broken.context().dispatch(() -> broken.failed(UpstreamFailure.Kind.BROKEN, why));
        }
        from.fireChannelInactive();
    }

    // Between calls ---------------------------------------------------------------------------------------------------

    /** {@code Keep-Alive: timeout=5} (RFC 2068, 19.7.1): we stop using it a second before the provider does. */
    private void hearTimeout(@Nullable String value) {
        if (value == null) {
            return;
        }
        for (String parameter : value.split(",")) {
            var trimmed = parameter.strip();
            if (trimmed.regionMatches(true, 0, "timeout=", 0, 8)) {
                try {
                    long seconds = Long.parseLong(trimmed.substring(8).strip());
                    keepAliveNanos = Math.clamp(
                            TimeUnit.SECONDS.toNanos(Math.min(seconds, 3600)) - TimeUnit.SECONDS.toNanos(1),
                            0,
                            HttpUpstream.KEEP_ALIVE.toNanos());
                } catch (NumberFormatException _) {
                    // not a number of seconds: as if it had not been said
                }
            }
        }
    }

    Http1Connection idle() {
        rested = true;
        idleSinceNanos = System.nanoTime();
        return this;
    }

    /** Whether it can carry another call; one that was idle for too long, or was closed, cannot. */
    boolean takeFromIdle() {
        if (!isOpen()) {
            return false;
        }
        if (isExpired(System.nanoTime())) {
            close();
            return false;
        }
        return true;
    }

    void closeIfExpired(long nowNanos) {
        if (isExpired(nowNanos)) {
            close();
        }
    }

    private boolean isExpired(long nowNanos) {
        return nowNanos - idleSinceNanos >= keepAliveNanos;
    }
}
