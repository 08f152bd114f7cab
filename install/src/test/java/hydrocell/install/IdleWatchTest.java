package hydrocell.install;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IdleWatchTest {
  private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 10);
  private final AtomicBoolean inUse = new AtomicBoolean();
  private final IdleWatch watch = new IdleWatch(inUse::get, nowNs::get, Duration.ofSeconds(5));

  @Test
  void aNodeThatNobodyEverUsedEndsAtTheLimit() {
    later(4);
    assertFalse(watch.isOver());
    later(1);
    assertTrue(watch.isOver());
  }

  @Test
  void useStartsTheWaitAgain() {
    later(4);
    inUse.set(true);
    assertFalse(watch.isOver());
    later(100);
    assertFalse(watch.isOver());
    inUse.set(false);
    later(4);
    assertFalse(watch.isOver());
    later(1);
    assertTrue(watch.isOver());
  }

  private void later(int seconds) {
    nowNs.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
