package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.KeptOutput;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.wire.RecordCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What cells showed and how they ended when no kernel listened any more. Executors leave it in
 * Anna; a kernel tells once that it is there. The last {@value #KEPT} are kept. Not thread-safe.
 */
public final class KeptOutputs {
  private static final Logger LOG = LoggerFactory.getLogger(KeptOutputs.class);
  private static final int KEPT = 20;

  private final Backend backend;

  KeptOutputs(Backend backend) {
    this.backend = backend;
  }

  private record Found(Key key, Stamp stamp, KeptOutput output) {}

  /** All that are kept, the oldest first. */
  public List<KeptOutput> all(SessionKeys keys) throws IOException {
    return find(keys).stream().map(Found::output).toList();
  }

  private List<Found> find(SessionKeys keys) throws IOException {
    AnnaClient anna = backend.anna();
    List<Found> found = new ArrayList<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = Backend.await(anna.scan(keys.outputPrefix(), cursor, 1_000));
      for (Key key : page.keys()) {
        if (Backend.await(anna.get(key)).lattice() instanceof LwwRegister register) {
          addTo(found, key, register);
        }
      }
      cursor = page.next();
    } while (cursor != null);
    found.sort(Comparator.comparing(Found::stamp));
    return found;
  }

  private static void addTo(List<Found> found, Key key, LwwRegister register) {
    try {
      KeptOutput output = RecordCodec.decode(KeptOutput.class, register.value());
      found.add(new Found(key, register.stamp(), output));
    } catch (MalformedFrameException e) {
      LOG.warn("{} cannot be read: {}", key, e.getMessage());
    }
  }

  /**
   * A line on those that nobody was told of yet, or an empty one; forgets those that are too many.
   */
  String news(SessionKeys keys) throws IOException {
    List<Found> found = find(keys);
    forget(found.subList(0, Math.max(0, found.size() - KEPT)));
    List<Found> untold = found.stream().filter(each -> !each.output.told()).toList();
    if (untold.isEmpty()) {
      return "";
    }
    for (Found each : untold) {
      Stamp stamp = each.stamp;
      LwwRegister told =
          new LwwRegister(
              new Stamp(stamp.counter(), stamp.writer(), stamp.attempt() + 1),
              RecordCodec.encode(each.output.asTold()));
      Backend.await(backend.anna().merge(each.key, told, Durability.LOG));
    }
    return untold.stream()
        .map(each -> each.output.cellName() + " " + ending(each.output))
        .collect(Collectors.joining(", ", "while no kernel was here ", "; %outputs shows more"));
  }

  /** Forgets all but the newest, by their keys alone: asynchronous cells leave one each. */
  void trim(SessionKeys keys) throws IOException {
    AnnaClient anna = backend.anna();
    List<Key> all = new ArrayList<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = Backend.await(anna.scan(keys.outputPrefix(), cursor, 1_000));
      all.addAll(page.keys());
      cursor = page.next();
    } while (cursor != null);
    all.sort(Comparator.comparingLong(KeptOutputs::counter));
    List<Key> old = all.subList(0, Math.max(0, all.size() - KEPT));
    if (!old.isEmpty()) {
      Backend.await(anna.delete(old));
    }
  }

  /** A key ends with the stamp of the cell, and that begins with its counter. */
  private static long counter(Key key) {
    String stamp = key.text().substring(key.text().lastIndexOf('/') + 1);
    return Long.parseLong(stamp.substring(0, stamp.indexOf('.')));
  }

  private void forget(Collection<Found> old) throws IOException {
    if (!old.isEmpty()) {
      Backend.await(backend.anna().delete(old.stream().map(Found::key).toList()));
    }
  }

  /** How a cell ended, in words. */
  public static String ending(KeptOutput output) {
    return switch (output.outcome()) {
      case CellOutcome.Returned returned -> "was done";
      case CellOutcome.Threw threw -> "failed: " + threw.error().message();
      case CellOutcome.Interrupted stopped -> "was interrupted";
      case CellOutcome.Refused refused -> "could not run: " + refused.error().message();
      case CellOutcome.CommitFailed failure -> "was not saved: " + failure.error().message();
    };
  }
}
