package hydrocell.kernel.debug;

import com.sun.jdi.ArrayReference;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.Value;
import hydrocell.kernel.debug.Elements.Element;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Walks over the nodes that the JDK's linked collections are made of. */
final class Nodes {
  private static final int TABLE_PAGE = 1_024;

  private Nodes() {}

  /** A walk that looks for the next node when it is asked for. */
  private abstract static class Walk implements Iterator<ObjectReference> {
    private @Nullable ObjectReference ahead;
    private boolean looked;

    abstract @Nullable ObjectReference find();

    @Override
    public boolean hasNext() {
      if (!looked) {
        ahead = find();
        looked = true;
      }
      return ahead != null;
    }

    @Override
    public ObjectReference next() {
      ObjectReference node = hasNext() ? ahead : null;
      if (node == null) {
        throw new NoSuchElementException();
      }
      looked = false;
      return node;
    }
  }

  /** Entries of nodes; a node without the field {@code key} has no key. */
  static Iterable<Element> entries(Iterable<ObjectReference> nodes, String value) {
    return () -> {
      Iterator<ObjectReference> walk = nodes.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return walk.hasNext();
        }

        @Override
        public Element next() {
          ObjectReference node = walk.next();
          Value key = ObjectFields.has(node, "key") ? ObjectFields.value(node, "key") : null;
          return new Element(key, ObjectFields.value(node, value));
        }
      };
    };
  }

  /** Nodes that follow each other. */
  static Iterable<ObjectReference> chain(@Nullable ObjectReference first, String next) {
    return () ->
        new Walk() {
          private @Nullable ObjectReference node = first;

          @Override
          @Nullable ObjectReference find() {
            ObjectReference here = node;
            node = here == null ? null : ObjectFields.object(here, next);
            return here;
          }
        };
  }

  /** The nodes of a hash table, each bin a chain. */
  static Iterable<ObjectReference> table(@Nullable ArrayReference table) {
    return () ->
        new Walk() {
          private final int length = table == null ? 0 : table.length();
          private int bin;
          private List<Value> page = List.of();
          private @Nullable ObjectReference node;

          @Override
          @Nullable ObjectReference find() {
            if (node != null) {
              node = ObjectFields.object(node, "next");
            }
            while (node == null && bin < length && table != null) {
              int at = bin % TABLE_PAGE;
              if (at == 0) {
                page = table.getValues(bin, Math.min(TABLE_PAGE, length - bin));
              }
              node = page.get(at) instanceof ObjectReference first ? first : null;
              bin++;
            }
            return node;
          }
        };
  }

  /** The nodes of a search tree in order. */
  static Iterable<ObjectReference> tree(@Nullable ObjectReference root) {
    return () ->
        new Walk() {
          private final Deque<ObjectReference> open = new ArrayDeque<>();
          private @Nullable ObjectReference down = root;

          @Override
          @Nullable ObjectReference find() {
            while (down != null) {
              open.push(down);
              down = ObjectFields.object(down, "left");
            }
            ObjectReference here = open.poll();
            down = here == null ? null : ObjectFields.object(here, "right");
            return here;
          }
        };
  }
}
