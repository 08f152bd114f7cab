package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.message.FromExecutor;
import hydrocell.executor.state.Traffic.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ValuesUnderwayTest {
  private final List<FromExecutor.Display> shown = new ArrayList<>();
  private final AtomicLong nowMs = new AtomicLong(5);
  private final ValuesUnderway values =
      new ValuesUnderway(
          7,
          (message, bytes) -> shown.add((FromExecutor.Display) message),
          () -> nowMs.get() * 1_000_000);

  private String text(int index) {
    return String.valueOf(shown.get(index).bundle().data().get("text/plain"));
  }

  @Test
  void whatIsDoneWithinASecondIsNotShown() {
    values.begins(Way.READ, 2_000_000);
    values.moved(Way.READ, 1_000_000);
    nowMs.addAndGet(900);
    values.moved(Way.READ, 1_000_000);
    nowMs.addAndGet(5_000);
    values.begins(Way.READ, 1_000_000);
    values.moved(Way.READ, 1_000_000);

    assertEquals(List.of(), shown);
  }

  @Test
  void whatTakesLongerIsShownInOnePlaceUntilItIsDone() {
    values.begins(Way.WRITTEN, 8_000_000);
    values.begins(Way.WRITTEN, 2_000_000);
    nowMs.addAndGet(1_000);
    values.moved(Way.WRITTEN, 1_500_000);
    nowMs.addAndGet(499);
    values.moved(Way.WRITTEN, 1_000_000);
    nowMs.addAndGet(1);
    values.moved(Way.WRITTEN, 500_000);
    values.moved(Way.WRITTEN, 7_000_000);

    assertEquals("saving values, 1.5 of 10.0 MB", text(0));
    assertEquals("saving values, 3.0 of 10.0 MB", text(1));
    assertEquals("saved values, 10.0 of 10.0 MB", text(2));
    assertEquals(3, shown.size());
    assertEquals(List.of(false, true, true), shown.stream().map(each -> each.update()).toList());
    assertEquals(1, shown.stream().map(each -> each.displayId()).distinct().count());
    assertTrue(
        String.valueOf(shown.getLast().bundle().data().get("text/html"))
            .startsWith("<progress max=\"10000000\" value=\"10000000\">"));
  }

  @Test
  void readingAndSavingHavePlacesOfTheirOwn() {
    values.begins(Way.READ, 10);
    values.begins(Way.WRITTEN, 10);
    nowMs.addAndGet(2_000);
    values.moved(Way.READ, 5);
    values.moved(Way.WRITTEN, 5);

    assertEquals(2, shown.stream().map(each -> each.displayId()).distinct().count());
    assertEquals("reading values, 0.0 of 0.0 MB", text(0));
  }
}
