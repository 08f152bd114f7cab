package hydrocell.kernel;

import java.util.regex.Pattern;

/**
 * A pattern in which {@code *} stands for any text and {@code ?} for one character. Immutable.
 *
 * @param pattern as a regular expression
 */
public record Glob(Pattern pattern) {
  /** A pattern for the whole of a text. */
  public static Glob of(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return new Glob(Pattern.compile(regex.toString(), Pattern.DOTALL));
  }

  /** A pattern that may be found anywhere in a text. */
  public static Glob within(String glob) {
    return of("*" + glob + "*");
  }

  /** Whether a text fits. */
  public boolean matches(String text) {
    return pattern.matcher(text).matches();
  }
}
