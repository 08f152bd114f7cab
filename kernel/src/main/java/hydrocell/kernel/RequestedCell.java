package hydrocell.kernel;

import hydrocell.cell.ErrorReport;
import hydrocell.cell.MimeBundle;
import hydrocell.kernel.magic.CellText;
import hydrocell.kernel.magic.Cells;
import hydrocell.kernel.magic.MagicException;
import hydrocell.kernel.magic.Magics;
import hydrocell.kernel.protocol.JupyterMessage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cell of one request while it runs: its commands and its Java in their order, and the cells
 * that commands have run in its place. Only for the shell's thread.
 */
final class RequestedCell implements Cells {
  private static final int MAX_NESTED = 16;
  private static final int MAX_NAME_CHARS = 80;

  private final JupyterMessage request;
  private final int number;
  private final boolean silent;
  private final Session session;
  private final CellPipeline pipeline;
  private final Publisher publisher;
  private final Magics magics;
  private int depth;
  private CellRequest.@Nullable Beside again;
  private @Nullable MimeBundle result;

  RequestedCell(
      JupyterMessage request,
      int number,
      boolean silent,
      Session session,
      CellPipeline pipeline,
      Publisher publisher,
      Magics magics) {
    this.request = request;
    this.number = number;
    this.silent = silent;
    this.session = session;
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
  public void show(MimeBundle bundle, String id, boolean again) {
    if (!silent) {
      publisher.display(request, bundle, id, again);
    }
  }

  @Override
  public void run(String source) throws IOException, MagicException {
    if (depth == MAX_NESTED) {
      throw new MagicException("commands run each other without an end");
    }
    CellRequest.Beside own = depth == 0 ? CellRequest.Beside.AS_SET : CellRequest.Beside.NEVER;
    run(source, again == null ? own : again);
  }

  @Override
  public void runAsynchronously(String source) throws IOException, MagicException {
    run(source, silent ? CellRequest.Beside.NEVER : CellRequest.Beside.ALWAYS);
  }

  private void run(String source, CellRequest.Beside beside) throws IOException, MagicException {
    depth++;
    for (CellText.Step step : CellText.steps(source)) {
      result = null;
      CellText.Command command = step.command();
      if (command != null) {
        magics.run(command, this);
      } else {
        boolean mayAsk = request.content().path("allow_stdin").asBoolean();
        CellRequest cell =
            new CellRequest(request, step.java(), number, silent, mayAsk, true, null, beside);
        result = named(valueOf(pipeline.run(cell)), step.java());
      }
    }
    depth--;
  }

  /** A result with its expression before it, where the notebook wants that. */
  private @Nullable MimeBundle named(@Nullable MimeBundle value, String java) {
    String plain = value == null ? null : value.data().get("text/plain");
    if (value == null || plain == null || !Setting.RESULT_NAMES.isOn(session.manifest())) {
      return value;
    }
    String last = java.strip().replaceFirst("(?s).*[;}]\\s*(?=\\S)", "").strip();
    if (last.contains("\n") || last.length() > MAX_NAME_CHARS) {
      return value;
    }
    Map<String, String> data = new LinkedHashMap<>(value.data());
    data.put("text/plain", last + " = " + plain);
    return new MimeBundle(data, value.metadata());
  }

  @Override
  public void runAgain(List<String> sources) throws IOException, MagicException {
    again = CellRequest.Beside.WITH_OTHERS;
    try {
      for (String source : sources) {
        run(source);
      }
    } finally {
      again = null;
    }
  }

  @Override
  public void aside(String java) throws IOException, MagicException {
    valueOf(pipeline.run(new CellRequest(request, java, number, silent, false, true)));
  }

  @Override
  public Kept keep(String source) throws IOException {
    KeptMessages kept = publisher.keep(request);
    MagicException failure = null;
    try {
      run(source);
      if (result != null) {
        kept.show(result);
      }
    } catch (MagicException e) {
      failure = e;
    } finally {
      publisher.show(request);
    }
    result = null;
    return kept.with(failure);
  }

  @Override
  public void await(List<String> names) throws IOException, MagicException {
    String failure = pipeline.await(names, request);
    if (!failure.isEmpty()) {
      throw new MagicException(failure);
    }
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
