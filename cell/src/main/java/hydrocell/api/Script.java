package hydrocell.api;

import java.util.List;
import java.util.stream.Collectors;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptEngineManager;
import javax.script.ScriptException;
import org.jspecify.annotations.Nullable;

/** Code in another language of the JVM, for {@code %%groovy} and its kin. Thread-safe. */
public final class Script {
  private static @Nullable ScriptEngine last;
  private static String lastLanguage = "";

  private Script() {}

  /**
   * Evaluates code in an engine of the notebook's libraries, which is kept while the executor
   * lives.
   *
   * @param language as the engine calls itself
   * @param library coordinates that bring the engine, for the message when there is none
   * @throws IllegalStateException when no library brings the language
   */
  public static synchronized @Nullable Object eval(String language, String library, String code)
      throws ScriptException {
    ScriptEngine engine = last;
    if (engine == null || !lastLanguage.equals(language)) {
      ScriptEngineManager engines =
          new ScriptEngineManager(Thread.currentThread().getContextClassLoader());
      engine = engines.getEngineByName(language);
      if (engine == null) {
        List<String> known =
            engines.getEngineFactories().stream()
                .map(ScriptEngineFactory::getLanguageName)
                .toList();
        throw new IllegalStateException(
            "no library of this notebook brings %s: %%maven %s adds it%s"
                .formatted(
                    language,
                    library,
                    known.isEmpty()
                        ? ""
                        : known.stream().collect(Collectors.joining(", ", " (there are ", ")"))));
      }
      last = engine;
      lastLanguage = language;
    }
    return engine.eval(code);
  }
}
