package hydrocell.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of cells goes, for {@code %jfr}: what runs between {@link #start} and {@link
 * #stop} is sampled by the JDK's flight recorder. Only stacks in which code of the notebook stands
 * count. Thread-safe.
 */
public final class Profile {
  private static final Duration PERIOD = Duration.ofMillis(10);
  private static final long MAX_RECORDED_BYTES = 64L << 20;
  private static final int LISTED = 10;
  private static @Nullable Recording running;

  private final FlameGraph graph = new FlameGraph();
  private final Map<String, Long> ownSamples = new HashMap<>();
  private final Map<String, Long> allocatedBytes = new HashMap<>();
  private long samples;
  private long pausesNs;

  private Profile() {}

  /** Begins; what was recorded before is thrown away. */
  public static synchronized void start() {
    if (running != null) {
      running.close();
    }
    Recording recording = new Recording();
    recording.setMaxSize(MAX_RECORDED_BYTES);
    recording.enable("jdk.ExecutionSample").withPeriod(PERIOD);
    recording.enable("jdk.NativeMethodSample").withPeriod(PERIOD);
    recording.enable("jdk.ObjectAllocationSample").with("throttle", "300/s");
    recording.enable("jdk.GarbageCollection");
    recording.start();
    running = recording;
  }

  /**
   * Ends; a flame graph and the methods and classes that cost most.
   *
   * @throws IllegalStateException when it was not started here
   */
  public static synchronized Shown stop() throws IOException {
    Recording recording = running;
    if (recording == null) {
      throw new IllegalStateException("nothing is profiled: the executor was replaced meanwhile");
    }
    running = null;
    Path file = Files.createTempFile("hydrocell", ".jfr");
    Duration took;
    try (recording) {
      recording.stop();
      took = Duration.between(recording.getStartTime(), recording.getStopTime());
      recording.dump(file);
      Profile profile = new Profile();
      try (RecordingFile events = new RecordingFile(file)) {
        while (events.hasMoreEvents()) {
          profile.take(events.readEvent());
        }
      }
      return profile.shown(took);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void take(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample", "jdk.NativeMethodSample" -> sample(event.getStackTrace());
      case "jdk.ObjectAllocationSample" -> {
        if (ofNotebook(event.getStackTrace()) > 0) {
          String type = clean(event.getClass("objectClass").getName());
          allocatedBytes.merge(type, event.getLong("weight"), Long::sum);
        }
      }
      case "jdk.GarbageCollection" -> pausesNs += event.getDuration("sumOfPauses").toNanos();
      default -> {
        // The recorder adds events about itself.
      }
    }
  }

  private void sample(@Nullable RecordedStackTrace stack) {
    int frames = ofNotebook(stack);
    if (stack == null || frames == 0) {
      return;
    }
    List<RecordedFrame> own = stack.getFrames().subList(0, frames);
    graph.add(own.reversed().stream().map(Profile::name).toList());
    ownSamples.merge(name(own.getFirst()), 1L, Long::sum);
    samples++;
  }

  /** How many of a stack's frames, from the top, are up to the notebook's outermost; 0 for none. */
  private static int ofNotebook(@Nullable RecordedStackTrace stack) {
    if (stack == null) {
      return 0;
    }
    List<RecordedFrame> frames = stack.getFrames();
    for (int i = frames.size(); i > 0; i--) {
      if (frames.get(i - 1).getMethod().getType().getName().startsWith("cell.")) {
        return i;
      }
    }
    return 0;
  }

  /** A method as the user would call it. */
  private static String name(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    String method = frame.getMethod().getName();
    if (!type.startsWith("cell.")) {
      return type + "." + method;
    }
    String holder = clean(type);
    String where = "line " + frame.getLineNumber();
    if (method.startsWith("lambda$")) {
      return "lambda, " + where;
    } else if (holder.equals("Cell")) {
      return "the cell, " + where;
    }
    return holder.equals(method) ? method : holder + "." + method;
  }

  static String clean(String type) {
    return type.replaceAll("\\bcell\\.(?:[\\w]+\\$[0-9a-f]{12}\\$)?", "")
        .replaceAll("\\$[0-9a-f]{12}", "")
        .replace("[B", "byte[]")
        .replace("[I", "int[]")
        .replace("[J", "long[]")
        .replace("[D", "double[]")
        .replace("[C", "char[]")
        .replaceAll("^\\[L(.*);$", "$1[]");
  }

  private Shown shown(Duration took) {
    String head =
        "%,d samples of the notebook's code, one each %d ms, in %.1f s; garbage collection paused for %.0f ms"
            .formatted(samples, PERIOD.toMillis(), took.toMillis() / 1e3, pausesNs / 1e6);
    StringBuilder text = new StringBuilder(head);
    StringBuilder html = new StringBuilder("<div>").append(head).append("</div>");
    if (samples > 0) {
      html.append(graph.svg());
      Map<String, String> methods = new LinkedHashMap<>();
      most(ownSamples)
          .forEach((name, n) -> methods.put(name, "%.1f %%".formatted(100.0 * n / samples)));
      table("methods, by their own time", methods, text, html);
    }
    Map<String, String> classes = new LinkedHashMap<>();
    most(allocatedBytes).forEach((name, n) -> classes.put(name, "%,d KB".formatted(n >> 10)));
    table("allocated, estimated", classes, text, html);
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("text/html", html.toString());
    if (samples > 0) {
      forms.put("image/svg+xml", graph.svg());
    }
    forms.put("text/plain", text.toString());
    return new Shown(forms);
  }

  private static Map<String, Long> most(Map<String, Long> counts) {
    Map<String, Long> most = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(LISTED)
        .forEach(each -> most.put(each.getKey(), each.getValue()));
    return most;
  }

  private static void table(
      String title, Map<String, String> rows, StringBuilder text, StringBuilder html) {
    if (rows.isEmpty()) {
      return;
    }
    text.append('\n').append(title).append('\n');
    html.append("<table><thead><tr><th style=\"text-align:left\">")
        .append(title)
        .append("</th><th></th></tr></thead><tbody>");
    rows.forEach((name, amount) -> {
      text.append("  %10s  %s%n".formatted(amount, name));
      html.append(
          "<tr><td style=\"text-align:left\">%s</td><td>%s</td></tr>"
              .formatted(FlameGraph.escaped(name), amount));
    });
    html.append("</tbody></table>");
  }
}
