/// The pages for people, in plain HTML that works without script and loads nothing from elsewhere.
///
/// Start at {@link io.mixgateway.web.site.Pages}. Always: text is never HTML: what is put into a page goes through
/// {@link io.mixgateway.web.site.Html#text}. Not here: sign-in, dashboard.
@org.jspecify.annotations.NullMarked
package io.mixgateway.web.site;
