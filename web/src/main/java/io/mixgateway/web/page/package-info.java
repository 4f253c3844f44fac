/// What every page is made with: languages and their words, the layout, static files, figures and times.
///
/// Start at {@link io.mixgateway.web.page.Site}, which turns a path and a handler into the routes of each language, and
/// {@link io.mixgateway.web.page.Page}, which every template gets. Templates are in {@code src/main/jte}, words in
/// {@code text/<language>/*.properties}, colours and sizes in {@code static/mixgateway.css}.
///
/// Always: text is never HTML (jte escapes it); a page works without script for reading and forms; nothing is loaded
/// from
/// elsewhere. Not here: what is on a page ({@code site}, {@code session}, {@code dashboard}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.web.page;
