package hydrocell.executor.state;

import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the names that wait for an asynchronous cell: each of them is settled by its
 * commit, whether the cell changed it or not.
 */
final class PendingNames {
  private PendingNames() {}

  /** The cell returned: what it did not change is as it was before. */
  static void settle(CommitDraft draft, LiveNames names) {
    CommitRequest.Asynchronous own = draft.request.asynchronous();
    if (own == null) {
      return;
    }
    for (Entry entry : List.copyOf(draft.entries.values())) {
      if (entry.state() == Entry.State.UNSTORABLE) {
        // It lives in an executor that no other cell runs in.
        String why = "cannot be stored (" + entry.reason() + "), as an asynchronous cell's must be";
        draft.entries.put(entry.name(), entry.in(Entry.State.FAILED, why));
        names.forget(entry.name());
      }
    }
    draft.groups.values().removeIf(group -> !group.stored());
    for (Entry pending : own.pending()) {
      Name name = pending.name();
      if (draft.entries.containsKey(name)) {
        continue;
      }
      Entry before = names.entry(name);
      if (before == null) {
        draft.removed.add(name);
      } else {
        draft.entries.put(name, before.at(draft.request.stamp(), before.cellNumber()));
      }
    }
  }

  /** What a name was when the cell read it; the cell finds that when it is run again. */
  private static Entry before(Entry pending, @Nullable Entry read) {
    return read == null || read.state() == Entry.State.PENDING
        ? pending
        : read.with(pending.symbol()).pendingFor(pending.cellHash());
  }

  /** The cell failed: its variables have no value, its definitions stand. */
  static void fail(CommitDraft draft, LiveNames names) {
    CommitRequest.Asynchronous own = draft.request.asynchronous();
    if (own == null || own.failure() == null) {
      return;
    }
    Set<Name> variables = new HashSet<>();
    for (Entry pending : own.pending()) {
      if (LiveNames.hasValue(pending.name())) {
        variables.add(pending.name());
      }
    }
    draft.define(variables);
    for (Entry pending : own.pending()) {
      if (variables.contains(pending.name())) {
        draft.entries.put(
            pending.name(),
            before(pending, names.entry(pending.name()))
                .in(Entry.State.FAILED, own.failure())
                .at(draft.request.stamp(), draft.request.cellNumber()));
      }
    }
  }
}
