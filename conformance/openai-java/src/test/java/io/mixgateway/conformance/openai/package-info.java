/// OpenAI's own SDK for Java, as its users run it: through the gateway and past it, with the same results.
/// Start at {@link io.mixgateway.conformance.openai.OpenAiJavaIT}.
@org.jspecify.annotations.NullMarked
package io.mixgateway.conformance.openai;
