/// Everything the gateway answers beside the inference surfaces: the management API, the pages, the probes of
/// operations.
///
/// Start at {@link io.mixgateway.web.WebRoutes}: the one table of every route with the permission it asks for.
///
/// Always: a route without a permission cannot be declared, and a path without a route is a 404; blocking work runs on
/// virtual threads, never on an event loop; pages carry a strict content security policy and load nothing from
/// elsewhere.
/// Not here: calls to models ({@code relay}), what accounts and money are ({@code platform}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.web;
