/// The pages that anyone may read: the landing page, the models, the documentation.
///
/// Start at {@link io.mixgateway.web.site.Landing}. Always: they say nothing about any account.
/// Not here: sign-in ({@code session}), what an account sees ({@code dashboard}), how pages are made ({@code page}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.web.site;
