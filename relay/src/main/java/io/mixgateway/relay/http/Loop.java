package io.mixgateway.relay.http;

import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.upstream.HttpUpstream;
import io.mixgateway.relay.upstream.Upstream;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** What the calls of one event loop share. Used on that loop only. */
record Loop(Vertx vertx, Context context, Relay relay, HttpUpstream http, LiveCalls live, TurnEnd turnEnd) {
    Upstream upstream(Endpoint endpoint) {
        var builtIn = relay.builtIn().get(endpoint.provider().dialect());
        return builtIn == null ? http : builtIn;
    }
}
