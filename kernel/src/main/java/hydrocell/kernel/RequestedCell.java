package hydrocell.kernel;

import hydrocell.cell.ErrorReport;
import hydrocell.cell.MimeBundle;
import hydrocell.kernel.magic.CellText;
import hydrocell.kernel.magic.Cells;
import hydrocell.kernel.magic.MagicException;
import hydrocell.kernel.magic.Magics;
import hydrocell.kernel.protocol.JupyterMessage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The cell of one request while it runs: its commands and its Java in their order, and the cells
 * that commands have run in its place. Only for the shell's thread.
 */
final class RequestedCell implements Cells {
  private static final int MAX_NESTED = 16;

  private final JupyterMessage request;
  private final int number;
  private final boolean silent;
  private final CellPipeline pipeline;
  private final Publisher publisher;
  private final Magics magics;
  private int depth;
  private @Nullable MimeBundle result;

  RequestedCell(
      JupyterMessage request,
      int number,
      boolean silent,
      CellPipeline pipeline,
      Publisher publisher,
      Magics magics) {
    this.request = request;
    this.number = number;
    this.silent = silent;
    this.pipeline = pipeline;
    this.publisher = publisher;
    this.magics = magics;
  }

  /** The value of what ran last; null when it had none. */
  @Nullable MimeBundle result() {
    return result;
  }

  @Override
  public void show(MimeBundle bundle) {
    if (!silent) {
      publisher.display(request, bundle, "", false);
    }
  }

  @Override
  public void run(String source) throws IOException, MagicException {
    if (depth == MAX_NESTED) {
      throw new MagicException("commands run each other without an end");
    }
    depth++;
    for (CellText.Step step : CellText.steps(source)) {
      result = null;
      CellText.Command command = step.command();
      if (command != null) {
        magics.run(command, this);
      } else {
        boolean mayAsk = request.content().path("allow_stdin").asBoolean();
        result =
            valueOf(
                pipeline.run(new CellRequest(request, step.java(), number, silent, mayAsk, true)));
      }
    }
    depth--;
  }

  @Override
  public String evaluate(String expression) throws IOException, MagicException {
    MimeBundle value =
        valueOf(pipeline.run(new CellRequest(request, expression, number, true, false, false)));
    String text = value == null ? null : value.data().get("text/plain");
    if (text == null) {
      throw new MagicException(expression + " has no value");
    }
    return text;
  }

  private static @Nullable MimeBundle valueOf(CellResult result) throws MagicException {
    if (result instanceof CellResult.Failed(ErrorReport error)) {
      throw new MagicException(error);
    }
    return ((CellResult.Ok) result).value();
  }
}
