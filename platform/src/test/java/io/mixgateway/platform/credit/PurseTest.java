package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurseTest {
    private final Purse purse = new Purse(1, 0);

    @Test
    void holdsWithinWhatIsLeasedToTheLastNano() {
        purse.adopt(100, 1);
        assertThat(purse.fits(100)).isTrue();
        assertThat(purse.fits(101)).isFalse();
        purse.hold(60, 0);
        assertThat(purse.free()).isEqualTo(40);
        purse.release(60);
        assertThat(purse.free()).isEqualTo(100);
    }

    @Test
    void keepsACostOutOfReachUntilTheDatabaseHasIt() {
        purse.adopt(100, 1);
        purse.hold(60, 0);
        purse.settle(60, 25, 0);
        assertThat(purse.free()).isEqualTo(75);
        assertThat(purse.toReport()).isEqualTo(25);
        // The flush: the lease shrinks by the cost and the cost is not owed any more.
        purse.adopt(75, 2);
        assertThat(purse.free()).isEqualTo(50);
        purse.booked(25);
        assertThat(purse.free()).isEqualTo(75);
        assertThat(purse.toReport()).isZero();
    }

    @Test
    void neverGoesBackToAnOlderWordOfTheDatabase() {
        purse.adopt(75, 5);
        purse.adopt(100, 4);
        assertThat(purse.leased()).isEqualTo(75);
    }

    // FAILURES 33 and 41: a cost above its hold is owed, and nothing fits until it is covered.
    @Test
    void goesBelowZeroByWhatACallCostAboveItsHold() {
        purse.adopt(10, 1);
        purse.hold(5, 0);
        purse.hold(5, 0);
        purse.settle(5, 12, 0);
        assertThat(purse.free()).isEqualTo(-7);
        assertThat(purse.fits(1)).isFalse();
        // FAILURES 61: what is free still goes through.
        assertThat(purse.fits(0)).isTrue();
    }

    @Test
    void keepsWhatIsHandedBackOutOfReach() {
        purse.adopt(100, 1);
        purse.beginReturn(80);
        assertThat(purse.fits(21)).isFalse();
        purse.adopt(20, 2);
        assertThat(purse.fits(1)).isFalse();
        purse.endReturn(80);
        assertThat(purse.free()).isEqualTo(20);
    }

    @Test
    void handsBackEverythingFreeWhenIdleOrNeededElsewhere() {
        purse.adopt(100, 1);
        purse.hold(30, 1_000);
        assertThat(purse.surplus(1_100, 1_500)).isZero();
        assertThat(purse.surplus(2_500, 1_500)).isEqualTo(70);
        purse.contend(3_000);
        assertThat(purse.surplus(1_100, 1_500)).isEqualTo(70);
    }

    @ParameterizedTest
    @CsvSource({
        // available, least, need, spare, slice
        "0, 1, 10, 80, 0",
        "-5, 1, 10, 80, 0",
        "9, 10, 10, 80, 0",
        "10, 10, 10, 80, 10",
        "25, 10, 30, 80, 25",
        "100, 10, 20, 80, 30",
        "10000, 10, 20, 80, 100",
        "16, 0, 0, 80, 2",
    })
    void takesWhatIsNeededAndAnEighthOfTheRestAtMost(long available, long least, long need, long spare, long slice) {
        assertThat(new Want(1, least, need, spare).slice(available)).isEqualTo(slice);
    }
}
