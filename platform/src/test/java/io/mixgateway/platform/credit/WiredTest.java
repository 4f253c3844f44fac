package io.mixgateway.platform.credit;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a {@link MoneyWorld} and a {@link Wire} to its database that can be cut. */
abstract class WiredTest {
    @TempDir
    Path dir;

    MoneyWorld world;
    Wire wire;

    @BeforeEach
    void begin() {
        world = new MoneyWorld(dir);
        wire = new Wire(world.store().url());
    }

    @AfterEach
    void end() {
        wire.mend();
        world.close();
        wire.close();
    }
}
