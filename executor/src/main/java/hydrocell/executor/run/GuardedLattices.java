package hydrocell.executor.run;

import hydrocell.anna.lattice.Lattice;
import hydrocell.api.shared.Lattices;
import java.util.function.Function;
import java.util.function.Supplier;

/** Shared lattices as a run reaches them: behind the gate of whichever thread asks. */
record GuardedLattices(CellRun run, Lattices shared) implements Lattices {
  private <T> T guarded(Supplier<T> work) {
    Gate gate = run.gate();
    gate.shut();
    try {
      return work.get();
    } finally {
      gate.open();
    }
  }

  @Override
  public String resolve(String name) {
    return shared.resolve(name);
  }

  @Override
  public <L extends Lattice, R> R look(
      String name, Class<L> kind, Supplier<L> bottom, Function<L, R> question) {
    return guarded(() -> shared.look(name, kind, bottom, question));
  }

  @Override
  public <L extends Lattice> void change(
      String name, Class<L> kind, Supplier<L> bottom, Change<L> change) {
    if (!run.request().options().commits()) {
      throw new IllegalStateException(
          "an expression that is only looked at changes nothing that is shared: use a cell");
    }
    guarded(() -> {
      shared.change(name, kind, bottom, change);
      return name;
    });
  }
}
