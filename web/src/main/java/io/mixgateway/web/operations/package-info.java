/// What the people and machines who run the gateway ask of it: is it alive, may it have traffic, how is it doing.
///
/// Start at {@link io.mixgateway.web.operations.Operations}. Always: no answer names an account, a key or a model
/// that a caller made up. Not here: what is measured (each part registers its own meters).
@org.jspecify.annotations.NullMarked
package io.mixgateway.web.operations;
