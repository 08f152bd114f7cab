package hydrocell.executor.compiler;

import hydrocell.cell.Spelling;
import hydrocell.cell.Symbol;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;

/**
 * What to do about a name that javac does not know: an import, a library, or another spelling.
 * Loads no class but the JDK's. Thread-safe.
 */
final class Hints {
  private static final int MAX_IMPORTS = 3;
  private static final Pattern SYMBOL = Pattern.compile("symbol: +(\\w+) +([\\w$]+)");
  private static final Pattern OF_TYPE =
      Pattern.compile("location: +(?:variable \\w+ of type|class|interface) +([\\w.]++)(?!\\$)");
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+) does not exist");

  /** Where the classes of well-known packages come from. */
  private static final Map<String, String> LIBRARIES = new LinkedHashMap<>();

  static {
    for (String line :
        """
        ai.djl ai.djl:api
        com.fasterxml.jackson com.fasterxml.jackson.core:jackson-databind
        com.google.common com.google.guava:guava
        com.google.gson com.google.code.gson:gson
        com.zaxxer.hikari com.zaxxer:HikariCP
        dev.langchain4j dev.langchain4j:langchain4j
        io.vavr io.vavr:vavr
        lombok org.projectlombok:lombok
        net.sourceforge.plantuml net.sourceforge.plantuml:plantuml
        okhttp3 com.squareup.okhttp3:okhttp
        org.apache.beam org.apache.beam:beam-sdks-java-core
        org.apache.commons.collections4 org.apache.commons:commons-collections4
        org.apache.commons.csv org.apache.commons:commons-csv
        org.apache.commons.io commons-io:commons-io
        org.apache.commons.lang3 org.apache.commons:commons-lang3
        org.apache.commons.math3 org.apache.commons:commons-math3
        org.apache.commons.text org.apache.commons:commons-text
        org.dflib org.dflib:dflib
        org.ejml org.ejml:ejml-all
        org.hamcrest org.hamcrest:hamcrest
        org.jfree org.jfree:jfreechart
        org.json org.json:json
        org.jsoup org.jsoup:jsoup
        org.junit.jupiter org.junit.jupiter:junit-jupiter
        org.knowm.xchart org.knowm.xchart:xchart
        org.postgresql org.postgresql:postgresql
        org.slf4j org.slf4j:slf4j-simple
        reactor.core io.projectreactor:reactor-core
        tech.tablesaw tech.tablesaw:tablesaw-core
        """
            .lines()
            .toList()) {
      String[] parts = line.split(" ");
      LIBRARIES.put(parts[0], parts[1]);
    }
  }

  private final ClassIndex classes = new ClassIndex();

  /** A line that helps; empty when there is none. */
  String of(
      javax.tools.Diagnostic<? extends JavaFileObject> said,
      Collection<Symbol> session,
      Collection<String> ofCell,
      List<Path> libraries) {
    String message = said.getMessage(java.util.Locale.ROOT);
    Matcher missing = PACKAGE.matcher(message);
    if (missing.find()) {
      return library(missing.group(1));
    }
    Matcher symbol = SYMBOL.matcher(message);
    if (!symbol.find()) {
      return "";
    }
    String kind = symbol.group(1);
    String name = symbol.group(2);
    Matcher owner = OF_TYPE.matcher(message);
    if (owner.find()) {
      return member(owner.group(1), name, libraries);
    }
    boolean type = kind.equals("class") || Character.isUpperCase(name.charAt(0));
    if (type) {
      List<String> found = classes.find(name, libraries);
      if (!found.isEmpty()) {
        return found.stream()
            .limit(MAX_IMPORTS)
            .map(each -> "`import " + each + ";`")
            .collect(Collectors.joining(" or ", "add ", ""));
      }
    }
    Set<String> known = new HashSet<>(ofCell);
    session.forEach(each -> known.add(each.name().text()));
    if (type) {
      known.addAll(classes.simpleNames(Imports.defaultPackages()));
    }
    return didYouMean(name, known);
  }

  private static String library(String missing) {
    return LIBRARIES.entrySet().stream()
        .filter(each -> missing.equals(each.getKey()) || missing.startsWith(each.getKey() + "."))
        .map(each -> "add its library with `%maven " + each.getValue() + "`")
        .findFirst()
        .orElse("");
  }

  private String member(String typeName, String name, List<Path> libraries) {
    List<String> found =
        typeName.contains(".") ? List.of(typeName) : classes.find(typeName, libraries);
    for (String each : found) {
      try {
        Class<?> type = Class.forName(each, false, ClassLoader.getPlatformClassLoader());
        Set<String> members = new HashSet<>();
        Arrays.stream(type.getMethods()).forEach(method -> members.add(method.getName()));
        Arrays.stream(type.getFields()).forEach(field -> members.add(field.getName()));
        return didYouMean(name, members);
      } catch (ClassNotFoundException | LinkageError e) {
        // A library's class: nothing of libraries is loaded here.
        continue;
      }
    }
    return "";
  }

  private static String didYouMean(String name, Collection<String> known) {
    String nearest = Spelling.nearest(name, known);
    return nearest == null || nearest.equals(name) ? "" : "did you mean `" + nearest + "`?";
  }
}
