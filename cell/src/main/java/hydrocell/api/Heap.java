package hydrocell.api;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What lies in the heap of the executor, for {@code %heap}. Thread-safe. */
public final class Heap {
  private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

  private Heap() {}

  /**
   * Counts the objects that are reachable, by class; the largest classes first.
   *
   * @param classes how many classes are listed
   */
  public static Shown histogram(int classes) throws JMException {
    String all =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    String head =
        "%,d MB of at most %,d MB are used".formatted(heap.getUsed() >> 20, heap.getMax() >> 20);
    StringBuilder text = new StringBuilder("%12s %14s  class%n".formatted("objects", "bytes"));
    StringBuilder html =
        new StringBuilder("<div>")
            .append(head)
            .append(
                "</div><table><thead><tr><th style=\"text-align:left\">class</th><th>objects</th><th>bytes</th></tr></thead><tbody>");
    all.lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .limit(classes)
        .forEach(line -> {
          String name = Profile.clean(line.group(3));
          long objects = Long.parseLong(line.group(1));
          long bytes = Long.parseLong(line.group(2));
          text.append("%,12d %,14d  %s%n".formatted(objects, bytes, name));
          html.append(
              "<tr><td style=\"text-align:left\">%s</td><td>%,d</td><td>%,d</td></tr>"
                  .formatted(FlameGraph.escaped(name), objects, bytes));
        });
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("text/html", html.append("</tbody></table>").toString());
    forms.put("text/plain", text + head);
    return new Shown(forms);
  }
}
