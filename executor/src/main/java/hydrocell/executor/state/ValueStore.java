package hydrocell.executor.state;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.ValueReader;
import hydrocell.anna.ValueWriter;
import hydrocell.cell.ClassRef;
import hydrocell.cell.SessionKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Values and class files in Anna, pipelined and counted. Thread-safe. */
final class ValueStore {
  private static final int FETCHES_IN_FLIGHT = 256;

  private final AnnaClient anna;
  private final Set<String> storedClasses = ConcurrentHashMap.newKeySet();

  ValueStore(AnnaClient anna) {
    this.anna = anna;
  }

  /** Opens values; null for each key where there is none. */
  List<@Nullable ValueReader> open(List<Key> keys, Traffic traffic) {
    List<CompletableFuture<@Nullable ValueReader>> pending = new ArrayList<>();
    List<@Nullable ValueReader> opened = new ArrayList<>();
    for (Key key : keys) {
      if (pending.size() - opened.size() == FETCHES_IN_FLIGHT) {
        opened.add(pending.get(opened.size()).join());
      }
      pending.add(anna.readValue(key));
    }
    while (opened.size() < pending.size()) {
      opened.add(pending.get(opened.size()).join());
    }
    for (ValueReader value : opened) {
      traffic.read(value == null ? 0 : value.length());
    }
    return opened;
  }

  /** Begins to store a value that is yet to be made. */
  ValueWriter begin(Key key) {
    return anna.writeValue(key, Durability.LOG);
  }

  /** Begins to store a value. */
  CompletableFuture<Durability> put(Key key, List<ByteBuffer> chunks, Traffic traffic) {
    traffic.wrote(chunks.stream().mapToLong(ByteBuffer::remaining).sum());
    return anna.putValue(key, chunks, Durability.LOG);
  }

  /** Begins to store those class files that are not known to be stored. */
  List<CompletableFuture<?>> putClasses(
      Collection<ClassRef> refs, SessionLoader loader, Traffic traffic) {
    List<CompletableFuture<?>> pending = new ArrayList<>();
    for (ClassRef ref : refs) {
      if (storedClasses.contains(ref.sha256()) || !loader.has(ref)) {
        continue;
      }
      byte[] file = loader.bytesOf(ref);
      if (file != null) {
        traffic.wrote(file.length);
        pending.add(
            anna.putWhole(SessionKeys.classFile(ref.sha256()), file, Durability.LOG)
                .thenRun(() -> storedClasses.add(ref.sha256())));
      }
    }
    return pending;
  }

  /** Learns that class files are stored already. */
  void stored(Collection<ClassRef> refs) {
    for (ClassRef ref : refs) {
      storedClasses.add(ref.sha256());
    }
  }

  /** The bytes of a class file; null when there is none. */
  byte @Nullable [] fetchClass(ClassRef ref, Traffic traffic) {
    ValueReader file = open(List.of(SessionKeys.classFile(ref.sha256())), traffic).getFirst();
    return file == null ? null : file.readAll();
  }

  /** Waits until all are acknowledged. */
  static void await(List<? extends CompletableFuture<?>> pending) {
    CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).join();
  }

  /** The failure of a request. */
  static AnnaException cause(Throwable thrown) {
    Throwable at = thrown;
    while (at instanceof CompletionException && at.getCause() != null) {
      at = at.getCause();
    }
    return at instanceof AnnaException failure
        ? failure
        : new AnnaException(AnnaException.Reason.INTERNAL, "storing failed: " + at, at);
  }
}
