package hydrocell.executor.state;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which version of each type of the session is the present one. The classes of one version share
 * the outer class {@code cell.NAME$HASH}. Not thread-safe.
 */
final class ClassVersions {
  private static final Pattern VERSIONED = Pattern.compile("(cell\\.(.+?)\\$([0-9a-f]+))\\$(.+)");
  private final Map<String, String> outerOfType = new HashMap<>();

  /** The outer class of a user type; empty when a class is not one. */
  private static String outer(String binaryName) {
    Matcher matcher = VERSIONED.matcher(binaryName);
    return matcher.matches() ? matcher.group(1) : "";
  }

  /** Learns the present class of a type. */
  void present(String typeName, String className) {
    String outer = outer(className);
    if (!outer.isEmpty()) {
      outerOfType.put(typeName, outer);
    }
  }

  /** The present version of a class: itself when it is present or does not belong to a type. */
  String presentName(String binaryName) {
    Matcher matcher = VERSIONED.matcher(binaryName);
    if (!matcher.matches()) {
      return binaryName;
    }
    String outer = outerOfType.get(matcher.group(2));
    return outer == null || outer.equals(matcher.group(1))
        ? binaryName
        : outer + "$" + matcher.group(4);
  }

  /** Whether any of these classes is an earlier version. */
  boolean anyEarlier(Collection<String> binaryNames) {
    return binaryNames.stream().anyMatch(name -> !presentName(name).equals(name));
  }

  /** A class's plain name, without package and version. */
  static String plainName(String binaryName) {
    Matcher matcher = VERSIONED.matcher(binaryName);
    return matcher.matches() ? matcher.group(4) : binaryName;
  }

  /** A descriptor with the versions of session classes left out. */
  static String plainDescriptor(String descriptor) {
    return descriptor.replaceAll("Lcell/([^;$]+)\\$[0-9a-f]+\\$", "Lcell/$1\\$");
  }
}
