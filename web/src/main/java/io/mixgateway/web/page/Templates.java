package io.mixgateway.web.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/** The templates of {@code src/main/jte}, which the build made into classes. */
final class Templates {
    private static final int USUAL_LENGTH = 32 * 1024;

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

    String draw(String template, Map<String, Object> parameters) {
        var out = new StringOutput(USUAL_LENGTH);
        engine.render(template, parameters, out);
        return out.toString();
    }
}
