package io.mixgateway.platform.credit;

import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.port.Credit.HoldAnswer;
import java.util.concurrent.CompletableFuture;

/** A call that waits for the database's answer. */
record Waiter(Caller caller, GenerationId generation, long amount, CompletableFuture<HoldAnswer> answer) {}
