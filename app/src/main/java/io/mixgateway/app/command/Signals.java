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
 * Ctrl-C and SIGTERM: the first asks for a drain, a second ends the program at once, for whoever will not wait. And SIGHUP,
 * which asks for the configuration to be read again and, before there is one, for nothing.
 *
 * <p>Handled here and not by a shutdown hook: hooks run all at once, cannot be hurried, and make the exit status a
 * failure's.
 */
final class Signals {
    private static final Logger log = LoggerFactory.getLogger(Signals.class);
    private static final int KILLED_BY_INT = 130;

    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicInteger heard = new AtomicInteger();
    private volatile Optional<String> fault = Optional.empty();
    private volatile Runnable onHangUp = () -> {};

    private Signals() {}

    /** Takes the three signals over from the JVM, for the rest of the program's life. */
    static Signals listen() {
        var signals = new Signals();
        try {
            signals.handle("INT", signals::hear);
            signals.handle("TERM", signals::hear);
            signals.handle("HUP", () -> signals.onHangUp.run());
        } catch (ReflectiveOperationException | IllegalArgumentException missing) {
            throw new IllegalStateException("this JVM does not let signals be handled", missing);
        }
        return signals;
    }

    /** What a SIGHUP does from now on. It must not block. */
    void onHangUp(Runnable action) {
        onHangUp = action;
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
     * {@code Signal.handle(new Signal(name), _ -> action.run())}, by reflection: the class has no successor and jdk.unsupported
     * exports it for this use, but javac warns of its name in a way that cannot be switched off.
     */
    private void handle(String name, Runnable action) throws ReflectiveOperationException {
        var signal = Class.forName("sun.misc.Signal");
        var handler = Class.forName("sun.misc.SignalHandler");
        var ours = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (_, method, _) -> called(method, action));
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    }

    private @Nullable Object called(Method method, Runnable action) {
        return switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "hashCode" -> System.identityHashCode(this);
            case "equals" -> false;
            default -> "Signals";
        };
    }

    private void hear() {
        if (heard.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(KILLED_BY_INT);
        }
        first.countDown();
    }
}
