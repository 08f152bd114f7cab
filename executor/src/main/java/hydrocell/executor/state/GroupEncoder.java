package hydrocell.executor.state;

import hydrocell.cell.Name;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the co-variable groups among some names and encodes each. The groups as they were are
 * encoded first, all against one table of objects; where the table shows that a group has split or
 * that two have met, those names are encoded once more in their new groups. Not thread-safe; for
 * one commit.
 */
final class GroupEncoder {
  /** An encoded group, or the reason why it has no bytes. */
  record Outcome(
      List<Name> names,
      ValueEncoder.@Nullable Encoded encoded,
      @Nullable UnstorableException why) {}

  /** Values up to this size keep their bytes in the first walk, in case they have changed. */
  private static final long KEPT_BYTES = 4L << 20;

  /** The same for values that are new; larger ones are walked twice and sent as they are made. */
  private static final long KEPT_NEW_BYTES = 32L << 20;

  private final Map<Name, @Nullable Object> values;
  private final LiveNames live;
  private final Sharing sharing = new Sharing();
  private final Map<Name, Integer> rootOf = new LinkedHashMap<>();
  private final List<Part> parts = new ArrayList<>();

  private record Part(
      List<Name> names, @Nullable ValueEncoder encoder, @Nullable Outcome outcome) {}

  GroupEncoder(Map<Name, @Nullable Object> values, LiveNames live) {
    this.values = values;
    this.live = live;
  }

  /**
   * Walks the objects of names that were one group.
   *
   * @param expected whether an equal value is stored, so that the bytes are likely not needed
   */
  void walk(Collection<Name> names, boolean expected) {
    int number = parts.size();
    List<Name> sorted = names.stream().sorted().toList();
    ValueEncoder encoder =
        new ValueEncoder(sharing, number, expected ? KEPT_BYTES : KEPT_NEW_BYTES);
    UnstorableException why = null;
    for (Name name : sorted) {
      int root = sharing.root(number);
      rootOf.put(name, root);
      if (why == null) {
        try {
          encoder.root(spelling(name, sorted), values.get(name), root);
        } catch (UnstorableException e) {
          why = e;
        }
      }
    }
    parts.add(
        new Part(sorted, encoder, new Outcome(sorted, why == null ? encoder.finish() : null, why)));
  }

  /**
   * Leaves out a group that is certainly as it was.
   *
   * @param changeable whether its names' own objects can change: then another name that holds one
   *     of them must still be found
   */
  void skip(List<Name> names, boolean changeable) {
    int number = parts.size();
    for (Name name : names) {
      int root = sharing.root(number);
      rootOf.put(name, root);
      Object value = values.get(name);
      if (changeable && value != null && !SlotWriter.plain(value)) {
        sharing.objects.put(value, 0, root);
      }
    }
    parts.add(new Part(List.copyOf(names), null, null));
  }

  /** Names of groups that were left out and that nobody else was found to share. */
  List<Name> unchanged() {
    List<Name> found = new ArrayList<>();
    for (Part part : parts) {
      if (part.outcome == null && stands(part)) {
        found.addAll(part.names);
      }
    }
    return found;
  }

  /** The groups as they are now, but for those left out. */
  List<Outcome> groups() {
    List<Outcome> outcomes = new ArrayList<>();
    Map<Integer, List<Name>> regrouped = new TreeMap<>();
    for (Part part : parts) {
      if (stands(part)) {
        if (part.outcome != null) {
          outcomes.add(part.outcome);
        }
        continue;
      }
      for (Name name : part.names) {
        int component = sharing.component(root(name));
        regrouped.computeIfAbsent(component, c -> new ArrayList<>()).add(name);
      }
    }
    for (List<Name> names : regrouped.values()) {
      outcomes.add(encode(names));
    }
    return outcomes;
  }

  private int root(Name name) {
    Integer root = rootOf.get(name);
    if (root == null) {
      throw new IllegalStateException(name + " was not walked");
    }
    return root;
  }

  /** Whether a part's names still share with each other and with nobody else. */
  private boolean stands(Part part) {
    boolean skipped = part.encoder == null;
    int number = sharing.part(root(part.names.getFirst()));
    int component = sharing.component(root(part.names.getFirst()));
    for (int root : rootOf.values()) {
      boolean within = sharing.part(root) == number;
      boolean joined = sharing.component(root) == component;
      boolean apart = within && !joined && !skipped;
      if (apart || (!within && met(root, part))) {
        return false;
      }
    }
    return part.encoder == null || !part.encoder.broken();
  }

  /** Whether a root shares with any name of a part. */
  private boolean met(int root, Part part) {
    for (Name name : part.names) {
      if (sharing.component(root) == sharing.component(root(name))) {
        return true;
      }
    }
    return false;
  }

  private Outcome encode(Collection<Name> names) {
    Sharing own = new Sharing();
    return encode(names, own, new ValueEncoder(own, 0, KEPT_NEW_BYTES));
  }

  /** Encodes a group and keeps all its bytes. */
  Outcome encodeWhole(Collection<Name> names) {
    Sharing own = new Sharing();
    return encode(names, own, new ValueEncoder(own, 0, ValueSink.ALL));
  }

  /** Encodes a group and passes its bytes on. */
  Outcome encodeTo(Collection<Name> names, Consumer<ByteBuffer> target) {
    Sharing own = new Sharing();
    return encode(names, own, new ValueEncoder(own, 0, target));
  }

  private Outcome encode(Collection<Name> names, Sharing own, ValueEncoder encoder) {
    List<Name> sorted = names.stream().sorted().toList();
    try {
      for (Name name : sorted) {
        encoder.root(spelling(name, sorted), values.get(name), own.root(0));
      }
      return new Outcome(sorted, encoder.finish(), null);
    } catch (UnstorableException e) {
      return new Outcome(sorted, null, e);
    }
  }

  /** What a value calls a name: as the stored one does, or else it would never be the same. */
  private String spelling(Name name, List<Name> group) {
    String root = live.rootOf(group);
    return root.isEmpty() ? name.toString() : root;
  }

  /** The objects of a group, in the order of its names. */
  @Nullable Object[] roots(List<Name> names) {
    @Nullable Object[] roots = new @Nullable Object[names.size()];
    Arrays.setAll(roots, i -> values.get(names.get(i)));
    return roots;
  }
}
