package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which lines of the history a client asks for. Immutable.
 *
 * @param access tail, range or search
 * @param count at most how many; negative means all
 * @param start first cell of a range
 * @param stop cell after the last of a range
 * @param kernelStart 0 for the present one, negative for earlier ones, or its number
 * @param pattern glob of a search
 * @param unique whether the same source is given once
 */
record HistoryQuery(
    String access,
    int count,
    int start,
    int stop,
    long kernelStart,
    String pattern,
    boolean unique) {

  static HistoryQuery of(ObjectNode content) {
    return new HistoryQuery(
        content.path("hist_access_type").asText("tail"),
        content.path("n").asInt(-1),
        content.path("start").asInt(0),
        content.path("stop").asInt(Integer.MAX_VALUE),
        content.path("session").asLong(0),
        content.path("pattern").asText("*"),
        content.path("unique").asBoolean());
  }

  List<History.Line> select(List<History.Line> all, long present) {
    List<History.Line> found =
        switch (access) {
          case "range" -> range(all, present);
          case "search" -> {
            Glob glob = Glob.of(pattern);
            yield all.stream().filter(l -> glob.matches(l.source())).toList();
          }
          default -> all;
        };
    if (unique) {
      Map<String, History.Line> bySource = new LinkedHashMap<>();
      found.forEach(line -> {
        bySource.remove(line.source());
        bySource.put(line.source(), line);
      });
      found = List.copyOf(bySource.values());
    }
    boolean bounded = count >= 0 && !access.equals("range");
    return bounded ? found.subList(Math.max(0, found.size() - count), found.size()) : found;
  }

  private List<History.Line> range(List<History.Line> all, long present) {
    List<Long> starts = all.stream().map(History.Line::kernelStart).distinct().toList();
    long wanted = kernelStart;
    if (kernelStart == 0) {
      wanted = present;
    } else if (kernelStart < 0) {
      List<Long> earlier = starts.stream().filter(s -> s != present).toList();
      int index = earlier.size() + (int) kernelStart;
      wanted = index < 0 ? -1 : earlier.get(index);
    }
    long from = wanted;
    return all.stream()
        .filter(l -> l.kernelStart() == from && l.cellNumber() >= start && l.cellNumber() < stop)
        .toList();
  }
}
