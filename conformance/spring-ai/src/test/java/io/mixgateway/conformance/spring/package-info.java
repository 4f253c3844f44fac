/// Spring AI's OpenAI models, as its users build them: through the gateway and past it, with the same results.
/// Start at {@link io.mixgateway.conformance.spring.SpringAiIT}.
@org.jspecify.annotations.NullMarked
package io.mixgateway.conformance.spring;
