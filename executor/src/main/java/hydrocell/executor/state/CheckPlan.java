package hydrocell.executor.state;

import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The groups that a cell could have changed, in the order in which they are looked at: those that
 * certainly did not change; those that are new or were assigned to; and the rest, which is stored,
 * was only reached, and may have changed inside. For one commit and one thread at a time.
 */
final class CheckPlan {
  /** Less than this is looked at in less time than anybody notices. */
  private static final long LATE_BYTES = 1 << 20;

  private final Map<Name, @Nullable Object> values;
  private final LiveNames names;
  private final List<Found> unchanged = new ArrayList<>();
  private final List<Found> changed = new ArrayList<>();
  private final List<Found> rest = new ArrayList<>();
  private boolean assignedUnseen;

  /** The names of one group that were found. */
  private record Found(List<Name> members, @Nullable Group group) {
    /** Whether its own objects can change. */
    boolean changeable() {
      return group == null || group.elements() != null || group.roots() == null;
    }
  }

  /**
   * A plan.
   *
   * @param values of all names that could have changed
   * @param assigned names that the cell may have assigned to, or defines anew
   */
  CheckPlan(Map<Name, @Nullable Object> values, LiveNames names, Set<Name> assigned) {
    this.values = values;
    this.names = names;
    Set<Name> open = new LinkedHashSet<>(values.keySet());
    for (Name name : values.keySet()) {
      if (open.contains(name)) {
        Found found = groupOf(name);
        found.members.forEach(open::remove);
        place(found, assigned);
      }
    }
  }

  private Found groupOf(Name name) {
    Group group = names.group(name);
    if (group == null) {
      return new Found(List.of(name), null);
    }
    List<Name> members = new ArrayList<>();
    for (String member : group.names()) {
      Name parsed = Name.parse(member);
      if (values.containsKey(parsed) && names.group(parsed) == group) {
        members.add(parsed);
      }
    }
    return new Found(members, group);
  }

  private void place(Found found, Set<Name> assigned) {
    Group group = found.group;
    boolean onlyReached = isReady(found) && found.members.stream().noneMatch(assigned::contains);
    if (group != null
        && found.members.size() == group.names().size()
        && UnchangedValues.holds(group, found.members, values)) {
      unchanged.add(found);
      assignedUnseen |= !onlyReached && found.changeable();
    } else {
      (onlyReached ? rest : changed).add(found);
    }
  }

  /** Whether the manifest names the value that is here, for all names of the group. */
  private boolean isReady(Found found) {
    Group group = found.group;
    if (group == null || !group.stored() || found.members.size() < group.names().size()) {
      return false;
    }
    for (Name name : found.members) {
      Entry entry = names.entry(name);
      if (entry == null
          || entry.state() != Entry.State.READY
          || !String.valueOf(group.valueKey()).equals(entry.valueKey())) {
        return false;
      }
    }
    return true;
  }

  /** Looks at all but the rest. What is left out comes first: others may be found to share it. */
  void walkFirst(GroupEncoder encoder) {
    for (Found found : unchanged) {
      encoder.skip(found.members, found.group != null && found.group.elements() != null);
    }
    changed.forEach(found -> walk(encoder, found));
  }

  void walkRest(GroupEncoder encoder) {
    rest.forEach(found -> walk(encoder, found));
  }

  private static void walk(GroupEncoder encoder, Found found) {
    encoder.walk(found.members, found.group != null && found.group.stored());
  }

  /** Whether looking at the rest could take long. */
  boolean restIsLarge() {
    long restBytes = 0;
    for (Found found : rest) {
      Entry entry = names.entry(found.members.getFirst());
      restBytes += entry == null ? 0 : entry.sizeBytes();
    }
    return restBytes >= LATE_BYTES;
  }

  /**
   * Whether looking at the rest may go on after the reply: nothing that was found first can share
   * an object with it.
   */
  boolean mayBeLate(List<GroupEncoder.Outcome> first) {
    return !assignedUnseen
        && first.stream().allMatch(each -> each.encoded() != null && each.encoded().immutable());
  }

  /** The names whose objects may have changed, or be found to be shared, where the rest is. */
  Set<Name> restNames() {
    Set<Name> open = new TreeSet<>();
    rest.forEach(found -> open.addAll(found.members));
    unchanged.stream().filter(Found::changeable).forEach(found -> open.addAll(found.members));
    return open;
  }
}
