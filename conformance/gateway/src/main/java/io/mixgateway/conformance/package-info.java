/// The program under test and a provider behind it, each a process of its own. Start at
/// {@link io.mixgateway.conformance.ConformanceGateway}; what the provider says is in
/// {@link io.mixgateway.conformance.MockProvider}.
///
/// Always: everything but `MockProvider` and `MockChat` uses the JDK alone, so that it can stand on an SDK's class path
/// and bring nothing along; the gateway is the real program from `app/target/dist`, with a database of its own.
/// Not here: what an SDK must see, which is in the module of that SDK.
@org.jspecify.annotations.NullMarked
package io.mixgateway.conformance;
