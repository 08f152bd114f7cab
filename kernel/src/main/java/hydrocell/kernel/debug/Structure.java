package hydrocell.kernel.debug;

import static hydrocell.kernel.debug.ObjectFields.array;
import static hydrocell.kernel.debug.ObjectFields.number;
import static hydrocell.kernel.debug.ObjectFields.object;
import static hydrocell.kernel.debug.ObjectFields.value;

import com.sun.jdi.ArrayReference;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.Value;
import hydrocell.kernel.debug.Elements.Element;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's collections by their elements, read from their fields: nothing runs in the suspended
 * JVM. A collection that looks otherwise than expected is shown by its fields.
 */
final class Structure {
  private Structure() {}

  /** The elements of an array or a collection; null when it is none that is known. */
  static @Nullable Elements of(ObjectReference object) {
    if (object instanceof ArrayReference array) {
      return Elements.ofArray(array, array.length());
    }
    String type = object.referenceType().name();
    if (!type.startsWith("java.util.")) {
      return null;
    }
    try {
      return type.startsWith("java.util.Collections$") ? wrapped(object) : known(object, type);
    } catch (ObjectFields.MissingFieldException e) {
      return null;
    }
  }

  private static @Nullable Elements known(ObjectReference object, String type) {
    return switch (type.substring("java.util.".length())) {
      case "ArrayList" -> Elements.ofArray(array(object, "elementData"), number(object, "size"));
      case "Vector", "Stack" ->
          Elements.ofArray(array(object, "elementData"), number(object, "elementCount"));
      case "PriorityQueue" -> Elements.ofArray(array(object, "queue"), number(object, "size"));
      case "Arrays$ArrayList" -> of(array(object, "a"));
      case "concurrent.CopyOnWriteArrayList" -> of(array(object, "array"));
      case "ImmutableCollections$ListN" -> of(array(object, "elements"));
      case "ImmutableCollections$List12", "ImmutableCollections$Set12" -> oneOrTwo(object);
      case "ImmutableCollections$SetN" -> present(array(object, "elements"), false);
      case "ImmutableCollections$MapN" -> present(array(object, "table"), true);
      case "ImmutableCollections$Map1" ->
          Elements.walked(1, List.of(new Element(value(object, "k0"), value(object, "v0"))));
      case "ArrayDeque" -> circular(object);
      case "LinkedList" -> walked(object, Nodes.chain(object(object, "first"), "next"), "item");
      case "HashMap" -> walked(object, Nodes.table(table(object)), "value");
      case "LinkedHashMap" -> walked(object, Nodes.chain(object(object, "head"), "after"), "value");
      case "TreeMap" -> walked(object, Nodes.tree(object(object, "root")), "value");
      case "HashSet", "LinkedHashSet" -> keysOf(object, "map");
      case "TreeSet" -> keysOf(object, "m");
      default -> null;
    };
  }

  private static @Nullable ArrayReference table(ObjectReference map) {
    return object(map, "table") instanceof ArrayReference table ? table : null;
  }

  private static Elements walked(
      ObjectReference object, Iterable<ObjectReference> nodes, String value) {
    return Elements.walked(number(object, "size"), Nodes.entries(nodes, value));
  }

  private static @Nullable Elements keysOf(ObjectReference set, String field) {
    ObjectReference map = object(set, field);
    Elements entries = map == null ? null : of(map);
    return entries == null ? null : entries.keys();
  }

  /** Unmodifiable and synchronized collections are seen as what they hold. */
  private static @Nullable Elements wrapped(ObjectReference object) {
    for (String field : List.of("c", "m")) {
      ObjectReference held = ObjectFields.has(object, field) ? object(object, field) : null;
      if (held != null) {
        return of(held);
      }
    }
    return null;
  }

  /** A marker, which is nothing but an object, stands where there is no second element. */
  private static Elements oneOrTwo(ObjectReference object) {
    List<Element> all = new ArrayList<>();
    all.add(new Element(null, value(object, "e0")));
    ObjectReference second = object(object, "e1");
    if (second != null && !second.referenceType().name().equals("java.lang.Object")) {
      all.add(new Element(null, second));
    }
    return Elements.walked(all.size(), all);
  }

  /** What an array holds in some places; in pairs where it is a map's. */
  private static Elements present(ArrayReference array, boolean pairs) {
    List<Value> values = array.getValues();
    List<Element> all = new ArrayList<>();
    int step = pairs ? 2 : 1;
    for (int i = 0; i + step <= values.size(); i += step) {
      Value first = values.get(i);
      if (first != null) {
        all.add(pairs ? new Element(first, values.get(i + 1)) : new Element(null, first));
      }
    }
    return Elements.walked(all.size(), all);
  }

  private static Elements circular(ObjectReference deque) {
    ArrayReference array = array(deque, "elements");
    int head = number(deque, "head");
    int size = Math.floorMod(number(deque, "tail") - head, array.length());
    return new Elements(
        size,
        (from, count) -> {
          List<Element> read = new ArrayList<>();
          for (int i = from; i < from + count; i++) {
            read.add(new Element(null, array.getValue((head + i) % array.length())));
          }
          return read;
        });
  }
}
