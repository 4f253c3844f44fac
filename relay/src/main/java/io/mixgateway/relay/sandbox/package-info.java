/// The built-in provider that answers with no network, for first days, tests, load tests and the users' own integration
/// tests. Start at {@link io.mixgateway.relay.sandbox.SandboxUpstream}; what can be called is in
/// {@link io.mixgateway.relay.sandbox.SandboxModels}.
///
/// Always: it speaks OpenAI's chat and embeddings dialect, shapes and complaints included; the same request gets the
/// same words, tool calls, JSON and vectors (only ids and times differ); the usage it reports is the count of what it
/// emitted; an answer is made piece by piece as it is read, so its memory is bounded. Nothing is kept of a request.
///
/// Not here: prices in force (the configuration may override the ones proposed here), other dialects ({@code dialect}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.relay.sandbox;
