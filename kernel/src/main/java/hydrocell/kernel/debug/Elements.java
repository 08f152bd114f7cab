package hydrocell.kernel.debug;

import com.sun.jdi.ArrayReference;
import com.sun.jdi.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a value in their order, read as far as somebody looks.
 *
 * @param size how many there are
 */
record Elements(int size, Source source) {
  /** One part; without a key it is called by its number. */
  record Element(@Nullable Value key, @Nullable Value value) {}

  /** Reads parts. */
  interface Source {
    /** Parts from here on, so many at most. */
    List<Element> read(int from, int count);
  }

  List<Element> read(int from, int count) {
    return source.read(from, Math.min(count, size - from));
  }

  /** The first elements of an array. */
  static Elements ofArray(ArrayReference array, int size) {
    return new Elements(
        Math.min(size, array.length()),
        (from, count) ->
            count <= 0
                ? List.of()
                : array.getValues(from, count).stream().map(v -> new Element(null, v)).toList());
  }

  /** Elements that can only be found one after the other, from the first. */
  static Elements walked(int size, Iterable<Element> all) {
    return new Elements(
        size,
        (from, count) -> {
          List<Element> read = new ArrayList<>();
          Iterator<Element> elements = all.iterator();
          for (int at = 0; at < from + count && elements.hasNext(); at++) {
            Element each = elements.next();
            if (at >= from) {
              read.add(each);
            }
          }
          return read;
        });
  }

  /** The keys as elements. */
  Elements keys() {
    return new Elements(
        size,
        (from, count) ->
            source.read(from, count).stream().map(e -> new Element(null, e.key())).toList());
  }
}
