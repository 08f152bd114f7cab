package hydrocell.api.jjava;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What took registrations of commands. Here methods of the notebook are commands. */
// They are there to be called: what they throw says what to use instead.
@SuppressWarnings("DoNotCallSuggester")
public final class Magics {
  Magics() {}

  /** A command of one line, as other kernels take it. */
  @FunctionalInterface
  public interface LineFunction {
    /** Does what the command does. */
    @Nullable Object execute(List<String> arguments) throws Exception;
  }

  /** A command above a text, as other kernels take it. */
  @FunctionalInterface
  public interface CellFunction {
    /** Does what the command does. */
    @Nullable Object execute(List<String> arguments, String body) throws Exception;
  }

  /** Needs nothing for {@link Shell}, whose commands are there; says what to use for others. */
  public void registerMagics(Class<?> type) {
    if (type != Shell.class) {
      throw commands("of " + type.getSimpleName());
    }
  }

  /** Says what to use. */
  public void registerMagics(Object holder) {
    throw commands("of " + holder.getClass().getSimpleName());
  }

  /** Says what to use. */
  public void registerLineMagic(String name, LineFunction command) {
    throw commands("%" + name);
  }

  /** Says what to use. */
  public void registerCellMagic(String name, CellFunction command) {
    throw commands("%%" + name);
  }

  private static UnsupportedOperationException commands(String which) {
    return Replaced.by(
        "commands " + which,
        "`@LineMagic` or `@CellMagic` before a method of the notebook, which makes it one");
  }
}
