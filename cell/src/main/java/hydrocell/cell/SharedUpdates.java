package hydrocell.cell;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LatticeCodec;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.wire.RecordCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What a cell merges into shared lattices. It travels in the cell's own commit, as the entry of
 * {@link #NAME}, and is merged into the lattices afterwards: by the executor, or when that died in
 * between, by whoever finds the entry. Merging again changes nothing, so each update counts exactly
 * once. Immutable.
 *
 * @param deltas the bytes of a lattice for each key
 */
public record SharedUpdates(List<Delta> deltas) {
  /** The entry with the updates of the last cell that had any. */
  public static final Name NAME = new Name(Kind.SETTING, "shared.updates");

  /**
   * The entry with the updates of an asynchronous cell. It has one of its own: a cell that was
   * submitted later may commit before it, and would replace what was not merged yet.
   */
  public static Name nameOf(Stamp asynchronous) {
    return new Name(Kind.SETTING, NAME.text() + "/" + SessionKeys.jobId(asynchronous));
  }

  /** Whether an entry of this name carries updates. */
  public static boolean isName(Name name) {
    return name.kind() == Kind.SETTING
        && (name.equals(NAME) || name.text().startsWith(NAME.text() + "/"));
  }

  /** The entries of asynchronous cells in a manifest. */
  public static List<Name> ofAsynchronous(Manifest manifest) {
    return manifest.beginningWith(NAME).stream()
        .map(Entry::name)
        .filter(name -> isName(name) && !name.equals(NAME))
        .toList();
  }

  /** Most bytes that the updates of one cell take. */
  public static final int MAX_BYTES = 1 << 20;

  /** Copies the list. */
  public SharedUpdates {
    deltas = List.copyOf(deltas);
  }

  /**
   * What is merged into one key.
   *
   * @param lattice as {@link LatticeCodec} writes it; not a copy
   */
  public record Delta(String key, byte[] lattice) {}

  /** The updates for these keys. */
  public static SharedUpdates of(Map<Key, ? extends Lattice> changes) {
    List<Delta> deltas = new ArrayList<>();
    new TreeMap<>(changes)
        .forEach((key, lattice) -> deltas.add(new Delta(key.text(), bytes(lattice))));
    return new SharedUpdates(deltas);
  }

  /** How many bytes a change takes in a commit. */
  public static int sizeOf(Lattice delta) {
    return bytes(delta).length;
  }

  private static byte[] bytes(Lattice lattice) {
    ByteWriter out = new ByteWriter();
    LatticeCodec.write(out, lattice);
    ByteBuffer written = out.view();
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    return bytes;
  }

  /** The updates as a commit carries them. */
  public Entry entry(Name name, Stamp stamp, int cellNumber) {
    String text = Base64.getEncoder().encodeToString(RecordCodec.encode(this));
    return Entry.definition(Symbol.plain(name, text), stamp, cellNumber);
  }

  /** The updates that an entry carries. */
  public static SharedUpdates of(Entry entry) throws MalformedFrameException {
    return RecordCodec.decode(
        SharedUpdates.class, Base64.getDecoder().decode(entry.symbol().type()));
  }

  /** The updates of {@link #NAME} in a manifest, or in its field {@link #field}, by commit. */
  public static Map<Stamp, SharedUpdates> in(@Nullable Lattice manifest)
      throws MalformedFrameException {
    Map<Stamp, SharedUpdates> found = new TreeMap<>();
    if (manifest instanceof MapLattice map
        && map.field(field()) instanceof CausalRegister register) {
      for (CausalRegister.Sibling each : register.siblings()) {
        found.put(each.dot(), of(RecordCodec.decode(Entry.class, each.value())));
      }
    }
    return found;
  }

  /** The manifest's field for {@link #NAME}. */
  public static String field() {
    return Manifest.NAME_FIELD + NAME;
  }

  /**
   * Merges again what is in a manifest, should an executor have died before it did. A manifest is
   * written by user code, and the client may do more than that: only what the executor could have
   * merged itself is merged.
   *
   * @param allowed what the keys start with that the executor could merge into
   */
  public static CompletableFuture<Void> publish(
      Manifest manifest, AnnaClient anna, String allowed) {
    List<CompletableFuture<?>> merges = new ArrayList<>();
    for (Entry newest : manifest.beginningWith(NAME)) {
      for (Entry each : manifest.siblings().getOrDefault(newest.name(), List.of(newest))) {
        try {
          merges.add(of(each).within(allowed).publishLeft(anna));
        } catch (MalformedFrameException e) {
          // No updates: nobody can merge them, now or later, and the notebook must open.
          continue;
        }
      }
    }
    return CompletableFuture.allOf(merges.toArray(CompletableFuture[]::new));
  }

  /**
   * Merges what somebody left. What can never be merged, as into a lattice of another kind, is
   * passed over: it would keep everything else from going on. What there is no room for now can.
   */
  public CompletableFuture<Void> publishLeft(AnnaClient anna) {
    List<CompletableFuture<?>> merges = new ArrayList<>();
    for (Delta delta : deltas) {
      try {
        merges.add(new SharedUpdates(List.of(delta)).publish(anna).exceptionally(e -> passOver(e)));
      } catch (MalformedFrameException e) {
        continue;
      }
    }
    return CompletableFuture.allOf(merges.toArray(CompletableFuture[]::new));
  }

  private static @Nullable Void passOver(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof AnnaException anna
        && anna.reason() != AnnaException.Reason.UNAVAILABLE
        && anna.reason() != AnnaException.Reason.STORAGE
        && anna.reason() != AnnaException.Reason.LIMIT) {
      return null;
    }
    throw new CompletionException(cause);
  }

  private SharedUpdates within(String prefix) {
    return new SharedUpdates(
        deltas.stream().filter(delta -> delta.key().startsWith(prefix)).toList());
  }

  /** Merges them into the lattices; completes when all are acknowledged. */
  public CompletableFuture<Void> publish(AnnaClient anna) throws MalformedFrameException {
    List<CompletableFuture<?>> merges = new ArrayList<>();
    lattices().forEach((key, lattice) -> merges.add(anna.merge(key, lattice, Durability.LOG)));
    return CompletableFuture.allOf(merges.toArray(CompletableFuture[]::new));
  }

  /** What is merged, by key. */
  public Map<Key, Lattice> lattices() throws MalformedFrameException {
    Map<Key, Lattice> lattices = new TreeMap<>();
    for (Delta delta : deltas) {
      lattices.put(
          new Key(delta.key()),
          LatticeCodec.read(new ByteReader(ByteBuffer.wrap(delta.lattice()))));
    }
    return lattices;
  }
}
