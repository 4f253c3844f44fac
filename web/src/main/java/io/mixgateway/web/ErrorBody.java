package io.mixgateway.web;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;

/** A refusal in the shape of OpenAI's errors, as everywhere in the gateway. */
final class ErrorBody {
    private ErrorBody() {}

    static Answer of(CallRefused refused) {
        var error = new LinkedHashMap<String, Object>();
        error.put("message", refused.getMessage());
        error.put("type", refused.refusal().openAiType());
        error.put("param", refused.param());
        error.put("code", refused.refusal().code());
        error.putAll(refused.details());
        var answer = Answer.json(refused.refusal().status(), Map.of("error", error));
        return refused.refusal() == Refusal.OVERLOADED ? answer.withHeader("retry-after", "1") : answer;
    }
}
