package io.mixgateway.app.command;

import io.mixgateway.relay.money.Nanos;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an amount such as {@code 5.00}; a wrong one is wrong usage. */
final class Amounts implements ITypeConverter<Nanos> {
    @Override
    public Nanos convert(String text) {
        try {
            return Nanos.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(wrong.getMessage());
        }
    }
}
