package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WarmTargetTest {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  @Test
  void whoComesOftenFindsMoreAndLaterTheLeast() {
    WarmTarget target = new WarmTarget(1, 8);
    assertEquals(1, target.wanted(0));
    for (int i = 0; i < 60; i++) {
      target.arrived(i * SECOND_NS / 2);
    }
    // Two come a second and a start takes one: four are expected, with the safety.
    assertEquals(5, target.wanted(30 * SECOND_NS));
    assertEquals(1, target.wanted(120 * SECOND_NS));
  }

  @Test
  void slowStartsWantMoreAndThereIsAMost() {
    WarmTarget target = new WarmTarget(1, 8);
    for (int i = 0; i < 15; i++) {
      target.arrived(i * 2 * SECOND_NS);
    }
    int before = target.wanted(30 * SECOND_NS);
    for (int i = 0; i < 20; i++) {
      target.started(5 * SECOND_NS);
    }
    assertTrue(target.wanted(30 * SECOND_NS) > before);
    for (int i = 0; i < 500; i++) {
      target.arrived(30 * SECOND_NS);
    }
    assertEquals(8, target.wanted(30 * SECOND_NS));
  }
}
