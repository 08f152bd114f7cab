package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import hydrocell.kernel.CellPipeline;
import hydrocell.kernel.Dependencies;
import hydrocell.kernel.History;
import hydrocell.kernel.Session;
import hydrocell.kernel.Surroundings;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * One command.
 *
 * @param name as it is written after the percent sign
 * @param usage how it is written
 * @param help one line on what it does
 * @param action what it does
 */
record Magic(String name, String usage, String help, Action action) {
  /** What a command works on, and where it shows things. */
  record Context(
      Session session,
      CellPipeline pipeline,
      History history,
      Dependencies dependencies,
      Surroundings surroundings,
      Consumer<MimeBundle> show,
      Consumer<String> next) {
    void print(String text) {
      show.accept(MimeBundle.text(text));
    }

    /** Has a cell run after the command, which may hold commands itself. */
    void then(String source) {
      next.accept(source);
    }
  }

  /** Does what a command does. */
  @FunctionalInterface
  interface Action {
    /** Throws {@link MagicException} with words for the user. */
    void run(Context context, String arguments) throws IOException, MagicException;
  }
}
