package io.mixgateway.app.privacy;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** A scan that finds nothing proves something only if it finds what is there. */
class ByteScanTest {
    private static final String WORD = "cnry7f3k9qz2m5xw8t1b";
    private static final String TEXT = "some text " + WORD + " and more";

    @Test
    void findsTheWordInEveryForm() throws IOException {
        finds("plain", TEXT.getBytes(UTF_8));
        finds("upper case", TEXT.toUpperCase(java.util.Locale.ROOT).getBytes(UTF_8));
        finds("UTF-16LE", TEXT.getBytes(UTF_16LE));
        finds("UTF-16BE", TEXT.getBytes(UTF_16BE));
        finds("hex", HexFormat.of().formatHex(TEXT.getBytes(UTF_8)).getBytes(UTF_8));
        finds(
                "JSON",
                WORD.chars()
                        .mapToObj(c -> "\\u00" + Integer.toHexString(c))
                        .reduce("", String::concat)
                        .getBytes(UTF_8));
        for (int before = 0; before < 6; before++) {
            var text = "a".repeat(before) + WORD + "zz";
            finds("base64", Base64.getEncoder().encode(text.getBytes(UTF_8)));
        }
        var gzipped = new ByteArrayOutputStream();
        gzipped.write("before".getBytes(UTF_8));
        try (var out = new GZIPOutputStream(gzipped)) {
            out.write(TEXT.repeat(50).getBytes(UTF_8));
        }
        finds("gzip", gzipped.toByteArray());
        var deflated = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(deflated)) {
            out.write(TEXT.repeat(50).getBytes(UTF_8));
        }
        finds("zlib", deflated.toByteArray());
    }

    @Test
    void findsNothingInWhatIsClean() {
        assertThat(new ByteScan(WORD)
                        .of("clean", "some text cnry7f3k9qz2m5xw8t1c".getBytes(UTF_8))
                        .found())
                .isEmpty();
    }

    private static void finds(String form, byte[] data) {
        assertThat(new ByteScan(WORD).of("data", data).found()).as(form).isNotEmpty();
    }
}
