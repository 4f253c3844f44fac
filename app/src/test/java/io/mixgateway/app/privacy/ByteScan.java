package io.mixgateway.app.privacy;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Looks for a word in bytes, in each form in which programs write words, also within what is gzipped or deflated. */
final class ByteScan {
    private static final int MOST_INFLATED = 64 << 20;
    private static final int LEAST_BASE64 = 12;

    private final Map<String, byte[]> forms = new LinkedHashMap<>();
    private final List<String> found = new ArrayList<>();
    private long bytes;
    private int files;

    /** @param word plain ASCII, long enough to be nobody else's */
    ByteScan(String word) {
        forms.put("plain", word.getBytes(UTF_8));
        forms.put("upper case", word.toUpperCase(Locale.ROOT).getBytes(UTF_8));
        forms.put("lower case", word.toLowerCase(Locale.ROOT).getBytes(UTF_8));
        forms.put("UTF-16LE", word.getBytes(UTF_16LE));
        forms.put("UTF-16BE", word.getBytes(UTF_16BE));
        forms.put("JSON escapes", escaped(word).getBytes(UTF_8));
        forms.put("hex", HexFormat.of().formatHex(word.getBytes(UTF_8)).getBytes(UTF_8));
        forms.put(
                "HEX",
                HexFormat.of().withUpperCase().formatHex(word.getBytes(UTF_8)).getBytes(UTF_8));
        forms.put("octets in decimal", decimals(word).getBytes(UTF_8));
        for (int shift = 0; shift < 3; shift++) {
            forms.put("base64 at " + shift, base64(word, shift));
        }
        forms.values().removeIf(form -> form.length < LEAST_BASE64);
    }

    private static String escaped(String word) {
        var text = new StringBuilder();
        word.chars().forEach(c -> text.append(String.format(Locale.ROOT, "\\u%04x", c)));
        return text.toString();
    }

    private static String decimals(String word) {
        return word.chars()
                .mapToObj(Integer::toString)
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
    }

    /** The middle of the word's base64, which does not depend on what stands around it. */
    private static byte[] base64(String word, int shift) {
        var padded = "x".repeat(shift) + word;
        var whole = Base64.getEncoder().encodeToString(padded.getBytes(UTF_8));
        return whole.substring(shift == 0 ? 0 : 4, padded.length() / 3 * 4 - 4).getBytes(UTF_8);
    }

    /** Every file below {@code folder}. What vanishes meanwhile is left out. */
    ByteScan folder(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                try {
                    of(folder.relativize(file).toString(), Files.readAllBytes(file));
                    files++;
                } catch (NoSuchFileException _) {
                    // PostgreSQL gives a file back now and then
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    ByteScan of(String name, byte[] data) {
        bytes += data.length;
        look(name, data);
        for (int at = 0; at + 2 < data.length; at++) {
            if (data[at] == 0x1f && data[at + 1] == (byte) 0x8b && data[at + 2] == 8) {
                look(name + " (gzip at " + at + ")", inflated(data, at, true));
            } else if (data[at] == 0x78
                    && (data[at + 1] == 1 || data[at + 1] == (byte) 0x9c || data[at + 1] == (byte) 0xda)) {
                look(name + " (zlib at " + at + ")", inflated(data, at, false));
            }
        }
        return this;
    }

    private static byte[] inflated(byte[] data, int at, boolean gzip) {
        var out = new java.io.ByteArrayOutputStream();
        try (var raw = new ByteArrayInputStream(data, at, data.length - at);
                var in = gzip ? new GZIPInputStream(raw) : new InflaterInputStream(raw)) {
            var piece = new byte[8192];
            for (int n = in.read(piece); n >= 0 && out.size() < MOST_INFLATED; n = in.read(piece)) {
                out.write(piece, 0, n);
            }
        } catch (IOException _) {
            // no archive, or the beginning of one: what could be read counts
        }
        return out.toByteArray();
    }

    private void look(String name, byte[] data) {
        forms.forEach((form, wanted) -> {
            int at = indexOf(data, wanted);
            if (at >= 0) {
                found.add(name + " at " + at + " (" + form + ")");
            }
        });
    }

    private static int indexOf(byte[] data, byte[] wanted) {
        int last = data.length - wanted.length;
        for (int at = 0; at <= last; at++) {
            if (data[at] == wanted[0] && Arrays.equals(data, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** Where it was found, and in which form. */
    List<String> found() {
        return found;
    }

    long bytes() {
        return bytes;
    }

    int files() {
        return files;
    }

    int forms() {
        return forms.size();
    }
}
