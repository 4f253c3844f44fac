package io.mixgateway.app.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What one setting is. Kept on the record component that holds it, so that the reader, its messages and
 * {@code docs/configuration.md} cannot disagree.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The setting in one line, for the documentation. */
    String value();

    /** The key in the file where the component's name in kebab-case is not it. */
    String name() default "";

    /** What the setting is when it is left out, written as in the file; a list with commas. Empty: it has none. */
    String byDefault() default "";

    /** Whether a change to it, or to anything below it, takes effect only when the gateway is started again. */
    boolean needsRestart() default false;

    /** The least that is accepted, written as in the file. */
    String least() default "";

    /** The most that is accepted, written as in the file. */
    String most() default "";

    /** What the names of a map look like, as a regular expression. */
    String names() default "";

    /** The same in words, for messages. */
    String namesAre() default "";
}
