package hydrocell.executor.state;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import hydrocell.anna.ValueWriter;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Stores the groups of a commit that changed, and notes what became of each. For one thread. */
final class GroupWriter {
  private final SessionKeys keys;
  private final SessionLoader loader;
  private final LiveNames names;
  private final ValueStore store;

  GroupWriter(SessionKeys keys, SessionLoader loader, LiveNames names, ValueStore store) {
    this.keys = keys;
    this.loader = loader;
    this.names = names;
    this.store = store;
  }

  /** A group as it was found: it is as it was stored, or on its way, or cannot be stored. */
  void settle(CommitDraft draft, GroupEncoder encoder, GroupEncoder.Outcome outcome) {
    Group before = names.group(outcome.names().getFirst());
    List<String> spelled = outcome.names().stream().map(Name::toString).toList();
    boolean sameNames = before != null && before.names().equals(spelled);
    ValueEncoder.Encoded encoded = outcome.encoded();
    if (encoded == null) {
      draft.unstorable(outcome, before);
      return;
    }
    @Nullable Object[] all = encoder.roots(outcome.names());
    @Nullable Object[] elements = UnchangedValues.elements(encoded, all);
    @Nullable Object[] roots = encoded.immutable() || elements != null ? all : null;
    if (sameNames && before != null && before.hash().equals(encoded.hash())) {
      Group known =
          new Group(
              spelled,
              before.valueKey(),
              before.hash(),
              "",
              before.classes(),
              roots,
              elements,
              before.root());
      draft.groups.put(outcome.names(), known);
      outcome.names().forEach(draft::redefine);
      return;
    }
    if (encoded.sizeBytes() > AnnaClient.MAX_VALUE_BYTES) {
      draft.unstorable(tooLarge(outcome, encoded), before);
      return;
    }
    if (encoded.chunks() == null && !encoded.doubtful()) {
      draft.traffic.watcher().begins(Traffic.Way.WRITTEN, encoded.sizeBytes());
      stream(draft, encoder, outcome, before, roots, elements, all);
      return;
    }
    GroupEncoder.Outcome full =
        encoded.chunks() == null ? encoder.encodeWhole(outcome.names()) : outcome;
    ValueEncoder.Encoded bytes = full.encoded();
    String refusal = bytes == null ? "changed while it was being stored" : tryReading(bytes);
    if (bytes == null || bytes.chunks() == null || refusal != null) {
      UnstorableException why =
          new UnstorableException(
              refusal == null ? "could not be encoded" : refusal, spelled.getFirst());
      draft.unstorable(new GroupEncoder.Outcome(outcome.names(), null, why), before);
      return;
    }
    Key key = nextKey(draft);
    draft.pending.add(store.put(key, bytes.chunks(), draft.traffic));
    draft.stored(outcome.names(), key, bytes, roots, elements, all);
  }

  private static GroupEncoder.Outcome tooLarge(
      GroupEncoder.Outcome outcome, ValueEncoder.Encoded encoded) {
    String reason =
        "has %,d bytes, and one value may have %,d: divide it among variables that share no objects"
            .formatted(encoded.sizeBytes(), AnnaClient.MAX_VALUE_BYTES);
    return new GroupEncoder.Outcome(
        outcome.names(),
        null,
        new UnstorableException(reason, outcome.names().getFirst().toString()));
  }

  private Key nextKey(CommitDraft draft) {
    return keys.value(draft.request.stamp(), draft.values++);
  }

  /** Sends a large value while it is encoded once more. */
  private void stream(
      CommitDraft draft,
      GroupEncoder encoder,
      GroupEncoder.Outcome outcome,
      @Nullable Group before,
      @Nullable Object @Nullable [] fixedRoots,
      @Nullable Object @Nullable [] elements,
      @Nullable Object[] roots) {
    Key key = nextKey(draft);
    ValueWriter writer = store.begin(key);
    try {
      GroupEncoder.Outcome sent =
          encoder.encodeTo(outcome.names(), part -> write(part, writer, draft));
      ValueEncoder.Encoded encoded = sent.encoded();
      if (encoded == null) {
        draft.pending.add(writer.abandon());
        draft.unstorable(sent, before);
        return;
      }
      draft.pending.add(writer.finish());
      draft.traffic.wrote(writer.length());
      draft.stored(outcome.names(), key, encoded, fixedRoots, elements, roots);
    } catch (AnnaException e) {
      draft.pending.add(CompletableFuture.failedFuture(e));
    }
  }

  private static void write(ByteBuffer part, ValueWriter writer, CommitDraft draft) {
    int bytes = part.remaining();
    writer.write(part);
    draft.traffic.watcher().moved(Traffic.Way.WRITTEN, bytes);
  }

  /** Why a value does not read back; null when it does or there is no doubt. */
  private @Nullable String tryReading(ValueEncoder.Encoded bytes) {
    if (!bytes.doubtful() || bytes.chunks() == null) {
      return null;
    }
    try {
      ValueDecoder.Decoded decoded =
          new ValueDecoder(ValueSource.of(bytes.chunks()), loader, new ClassVersions()).decode();
      Sharing sharing = new Sharing();
      ValueEncoder again = new ValueEncoder(sharing, 0, 0);
      for (Map.Entry<String, @Nullable Object> root : decoded.roots().entrySet()) {
        again.root(root.getKey(), root.getValue(), sharing.root(0));
      }
      return again.finish().hash().equals(bytes.hash()) ? null : "does not read back as it was";
    } catch (CorruptValueException | StaleValueException | UnstorableException e) {
      return "does not read back: " + e.getMessage();
    }
  }
}
