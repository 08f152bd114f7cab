package hydrocell.executor.run;

import hydrocell.api.CellRuntime;
import hydrocell.executor.state.KeptObjects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Kept objects as a run reaches them: behind the gate of whichever thread asks. */
record GuardedKept(CellRun run, KeptObjects kept) implements CellRuntime.Kept {
  private <T extends @Nullable Object> T guarded(Supplier<T> work) {
    Gate gate = run.gate();
    gate.shut();
    try {
      return work.get();
    } finally {
      gate.open();
    }
  }

  @Override
  public @Nullable Object get(String key) {
    return guarded(() -> kept.get(key));
  }

  @Override
  public void put(String key, String label, Object value) {
    mustCommit();
    guarded(() -> {
      kept.put(key, label, value);
      return key;
    });
  }

  @Override
  public void remove(String key) {
    mustCommit();
    guarded(() -> {
      kept.remove(key);
      return key;
    });
  }

  @Override
  public Set<String> keys(String prefix) {
    return guarded(() -> kept.keys(prefix));
  }

  private void mustCommit() {
    if (!run.request().options().commits()) {
      throw new IllegalStateException(
          "an expression that is only looked at can make no widget, comm or renderer: use a cell");
    }
  }
}
