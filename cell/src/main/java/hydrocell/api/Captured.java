package hydrocell.api;

import java.util.List;
import java.util.Map;

/**
 * What a cell said, kept by {@code %%capture NAME} instead of being shown. Immutable.
 *
 * @param stdout what it printed
 * @param stderr what it printed to its error stream
 * @param outputs what it showed, in forms by MIME type
 */
public record Captured(String stdout, String stderr, List<Map<String, String>> outputs) {
  /** Shows all of it now. */
  public void show() {
    System.out.print(stdout);
    System.err.print(stderr);
    outputs.forEach(forms -> Hydrocell.display(new Shown(forms)));
  }

  @Override
  public String toString() {
    return stdout + stderr;
  }
}
