package hydrocell.anna.wire;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which build of Hydrocell a process runs: the version and when it was built, such as {@code
 * 0.1.0-2026-11-25T02:15:38Z}, or {@code development} for what runs from a class path. Immutable.
 *
 * @param id the whole of it
 */
public record Build(String id) {
  /** System property that every argument file sets. */
  public static final String PROPERTY = "hydrocell.build";

  private static final String DEVELOPMENT = "development";
  private static final Pattern BUILT =
      Pattern.compile(".*-(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)");

  /** That of this process. */
  public static Build here() {
    return new Build(System.getProperty(PROPERTY, DEVELOPMENT));
  }

  /** Whether processes of the two may work together. What runs from a class path asks nobody. */
  public boolean goesWith(Build other) {
    return id.equals(other.id) || id.equals(DEVELOPMENT) || other.id.equals(DEVELOPMENT);
  }

  /** Whether it was built after the other; a build that does not say when is older. */
  public boolean isNewerThan(Build other) {
    return built(id).compareTo(built(other.id)) > 0;
  }

  private static String built(String id) {
    Matcher matcher = BUILT.matcher(id);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
