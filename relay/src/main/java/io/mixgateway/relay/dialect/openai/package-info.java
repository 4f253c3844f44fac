/// OpenAI's wire format, as far as the relay must understand it to meter what passes: chat chunks, answers,
/// usage, errors. Start at {@link io.mixgateway.relay.dialect.openai.ChatStreamTap}.
///
/// Always: bytes that nobody asked to change pass unchanged; any bytes and any cut points are survived; memory is
/// bounded. Not here: sockets, money, routing; nothing here does I/O. Other dialects have packages of their own and
/// never meet this one.
///
/// Source: OpenAI's published API description (chat completions, embeddings, streaming).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.dialect.openai;
