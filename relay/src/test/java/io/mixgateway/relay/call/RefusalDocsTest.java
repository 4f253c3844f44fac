package io.mixgateway.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RefusalDocsTest {

    @Test
    void everyRefusalIsDocumentedWithItsStatus() throws IOException {
        var page = Files.readString(Path.of("../docs/errors.md"));
        assertThat(Arrays.stream(Refusal.values())
                        .map(refusal -> "| `" + refusal.code() + "` | " + refusal.status() + " |"))
                .allSatisfy(row -> assertThat(page).contains(row));
    }
}
