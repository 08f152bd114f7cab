package hydrocell.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.Name;
import hydrocell.kernel.schedule.Schedule;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Programs with delays, errors, lost executors and cancelled cells come to the same as run
 * serially. {@code -Dhydrocell.check.programs=5000} runs more, {@code -Dhydrocell.check.seed=N}
 * another set.
 */
class ScheduleCheckTest {
  private static final int PROGRAMS = Integer.getInteger("hydrocell.check.programs", 1_000);
  private static final long SEED = Long.getLong("hydrocell.check.seed", 20_260_101);

  /** What differs from the serial run; empty when nothing does. */
  private static String difference(long seed, SimulatedNotebook.Order order) throws Exception {
    Random chance = new Random(seed);
    RandomProgram program = RandomProgram.of(chance);
    SimulatedNotebook notebook = new SimulatedNotebook(program, chance, order);
    RandomProgram.Result result;
    try {
      result = notebook.run();
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
    RandomProgram.Result serial = program.serially(notebook.verdicts());
    if (result.names().equals(serial.names())
        && result.inputs().equals(serial.inputs())
        && result.effects().equals(serial.effects())) {
      return "";
    }
    return "%s%n came to %s%n serially %s%n under %s"
        .formatted(program, result, serial, notebook.verdicts());
  }

  @Test
  void everyProgramComesToWhatItComesToSerially() throws Exception {
    for (long seed = SEED; seed < SEED + PROGRAMS; seed++) {
      String difference = difference(seed, SimulatedNotebook.RIGHT);
      long failing = seed;
      assertEquals("", difference, () -> "-Dhydrocell.check.seed=" + failing);
    }
  }

  private static void assertFound(SimulatedNotebook.Order broken) throws Exception {
    boolean found = false;
    for (long seed = SEED; seed < SEED + PROGRAMS && !found; seed++) {
      found = !difference(seed, broken).isEmpty();
    }
    assertTrue(found, "a broken scheduler was not found");
  }

  @Test
  void aSchedulerThatDoesNotWaitForWritersIsFound() throws Exception {
    assertFound(
        new SimulatedNotebook.Order() {
          @Override
          public Set<Name> reads(Set<Name> pending) {
            return Set.of();
          }
        });
  }

  @Test
  void aSchedulerThatWaitsForTheFirstWriterOnlyIsFound() throws Exception {
    assertFound(
        new SimulatedNotebook.Order() {
          @Override
          public Set<Name> writes(Set<Name> names, Schedule<Job> schedule) {
            Set<Name> fresh = new LinkedHashSet<>(names);
            fresh.removeIf(name -> schedule.writer(name) != null);
            return fresh;
          }
        });
  }

  @Test
  void aSchedulerThatForgetsTheOrderOfEffectsIsFound() throws Exception {
    assertFound(
        new SimulatedNotebook.Order() {
          @Override
          public boolean keepsTurn(boolean outside) {
            return false;
          }
        });
  }

  @Test
  void aSchedulerThatRunsCellsOnWhatIsThereWhenTheyBeginIsFound() throws Exception {
    assertFound(
        new SimulatedNotebook.Order() {
          @Override
          public boolean readsAtSubmission() {
            return false;
          }
        });
  }
}
