package io.mixgateway.app.command;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C and SIGTERM. The first asks for a drain; a second ends the program at once, for whoever will not wait.
 *
 * <p>Handled here and not by a shutdown hook: hooks run all at once, cannot be hurried, and make the exit status a
 * failure's.
 */
final class StopSignals {
    private static final Logger log = LoggerFactory.getLogger(StopSignals.class);
    private static final int KILLED_BY_INT = 130;

    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicInteger heard = new AtomicInteger();
    private volatile Optional<String> fault = Optional.empty();

    private StopSignals() {}

    /** Takes the two signals over from the JVM, for the rest of the program's life. */
    static StopSignals listen() {
        var signals = new StopSignals();
        try {
            signals.handle("INT");
            signals.handle("TERM");
        } catch (ReflectiveOperationException | IllegalArgumentException missing) {
            throw new IllegalStateException("this JVM does not let signals be handled", missing);
        }
        return signals;
    }

    /** Something broke that the gateway cannot do without: as good as a signal, and a failure. */
    void fault(String sentence) {
        log.error("{}: stopping", sentence);
        fault = Optional.of(sentence);
        first.countDown();
    }

    /** What broke, if that is why we stop. */
    Optional<String> fault() {
        return fault;
    }

    /** Waits for the first signal. */
    void await() throws InterruptedException {
        first.await();
    }

    /**
     * {@code Signal.handle(new Signal(name), _ -> hear())}, by reflection: the class has no successor and jdk.unsupported
     * exports it for this use, but javac warns of its name in a way that cannot be switched off.
     */
    private void handle(String name) throws ReflectiveOperationException {
        var signal = Class.forName("sun.misc.Signal");
        var handler = Class.forName("sun.misc.SignalHandler");
        var ours = Proxy.newProxyInstance(
                StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (_, method, _) -> called(method));
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    }

    private @Nullable Object called(Method method) {
        return switch (method.getName()) {
            case "handle" -> {
                hear();
                yield null;
            }
            case "hashCode" -> System.identityHashCode(this);
            case "equals" -> false;
            default -> "StopSignals";
        };
    }

    private void hear() {
        if (heard.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(KILLED_BY_INT);
        }
        first.countDown();
    }
}
