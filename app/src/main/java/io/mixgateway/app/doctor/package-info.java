/// Looks over everything a gateway depends on and says what to do about what is wrong. Start at {@link
/// io.mixgateway.app.doctor.Doctor}.
///
/// Always: looking changes nothing and costs nothing (providers are connected to, never called); every finding that is
/// not
/// well says what to do; every wait has a limit. Not here: how the findings are printed ({@code command}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.app.doctor;
