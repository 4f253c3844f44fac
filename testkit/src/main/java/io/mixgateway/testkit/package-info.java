/// Fakes of what is outside our reach, for tests only. Start at {@link io.mixgateway.testkit.FakeUpstream},
/// a provider that does what it is told to the byte; {@link io.mixgateway.testkit.OpenAiChat} writes its answers.
///
/// Always: nothing here depends on the product, so that a test's expectation is never computed by the code under
/// test; whatever is random comes from a seed that the failure message can name. Not here: the product's own parsers
/// and books, and any recorded answer of a real provider.
@org.jspecify.annotations.NullMarked
package io.mixgateway.testkit;
