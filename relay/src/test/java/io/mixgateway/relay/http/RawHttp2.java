package io.mixgateway.relay.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client of HTTP/2 in clear text that sends what it is told, also headers that no other client would. */
final class RawHttp2 implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel connection;

    private RawHttp2(int port) throws InterruptedException {
        connection = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forClient()
                                        .validateHeaders(false)
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
    }

    static RawHttp2 to(int port) throws InterruptedException {
        return new RawHttp2(port);
    }

    /** What came of a stream: its answer, or that it was reset (status 0 when before its head). */
    record Ended(int status, String body, boolean wasReset) {}

    /** A stream under way. */
    static final class Stream extends ChannelInboundHandlerAdapter {
        private final StringBuilder body = new StringBuilder();
        private final CompletableFuture<Ended> ended = new CompletableFuture<>();
        private int status;

        @Override
        public void channelRead(ChannelHandlerContext from, Object frame) {
            try {
                switch (frame) {
                    case Http2HeadersFrame head -> {
                        status = Integer.parseInt(head.headers().status().toString());
                        end(head.isEndStream(), false);
                    }
                    case Http2DataFrame data -> {
                        body.append(data.content().toString(StandardCharsets.UTF_8));
                        end(data.isEndStream(), false);
                    }
                    default -> {}
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext from, Object event) {
            end(event instanceof Http2ResetFrame, true);
        }

        @Override
        public void channelInactive(ChannelHandlerContext from) {
            end(true, true);
        }

        private void end(boolean now, boolean reset) {
            if (now) {
                ended.complete(new Ended(status, body.toString(), reset));
            }
        }

        Ended await() throws Exception {
            return ended.get(15, TimeUnit.SECONDS);
        }
    }

    /** Sends a POST; with {@code whole} false its body never ends. */
    Stream post(String path, Map<String, String> headers, String body, boolean whole) throws InterruptedException {
        var stream = new Stream();
        Http2StreamChannel channel = new Http2StreamChannelBootstrap(connection)
                .handler(stream)
                .open()
                .syncUninterruptibly()
                .getNow();
        var head = new DefaultHttp2Headers(false)
                .method("POST")
                .scheme("http")
                .authority("x")
                .path(path);
        headers.forEach(head::add);
        var _ = channel.write(new DefaultHttp2HeadersFrame(head, false));
        channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8), whole))
                .sync();
        return stream;
    }

    boolean isOpen() {
        return connection.isActive();
    }

    @Override
    public void close() {
        connection.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
