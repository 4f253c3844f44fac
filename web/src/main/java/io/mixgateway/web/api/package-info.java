/// The management API below {@code /api/v1}. Start at {@link io.mixgateway.web.api.ManagementApi}.
///
/// Always: a key sees its own account and nothing of any other, and what is another's is answered as if it were not
/// there; money is a decimal string, times are RFC 3339 in UTC. Not here: how a caller is known ({@code WebRoutes}),
/// what the figures are ({@code platform}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.web.api;
