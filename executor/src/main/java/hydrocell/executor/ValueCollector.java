package hydrocell.executor;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.message.Submission;
import hydrocell.cell.wire.RecordCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes values that no state can reach any more. A value stays while a manifest of a kept epoch
 * names it, in an entry, a sibling, or what a kept commit replaced; while an asynchronous cell that
 * has not ended runs on it; and while its own commit may still be on its way, that is until the
 * manifest knows a commit of that writer as late as its own and the cell is no asynchronous one
 * that has not ended. Values are listed before manifests are read, so a commit that lands in
 * between is seen; asynchronous cells are looked at before and after, so one that ends or begins in
 * between is. Used by one thread.
 */
public final class ValueCollector {
  /** How many epochs of a session can be restored. */
  static final int EPOCHS_KEPT = 5;

  private static final Logger LOG = LoggerFactory.getLogger(ValueCollector.class);
  private static final int PAGE = 5_000;

  private final AnnaClient anna;

  /** A collector of everything in this store. */
  public ValueCollector(AnnaClient anna) {
    this.anna = anna;
  }

  /** What a session has in the store. */
  private static final class Holdings {
    final List<Key> values = new ArrayList<>();
    final Map<Long, Key> manifests = new TreeMap<>();
  }

  /** Asynchronous cells that have not ended: which they are, and what they run on. */
  private static final class Unended {
    final Set<String> ids = new HashSet<>();
    final Set<String> values = new HashSet<>();
  }

  /** Goes through all sessions once; how many values were deleted. */
  public int collect() throws IOException {
    int deleted = 0;
    Set<Key> replaced = replacedOfShared();
    // After the registers were read: a session that has taken over one of these values is listed.
    Map<String, Holdings> sessions = holdings();
    try {
      deleted += collectShared(replaced, sessions);
    } catch (RuntimeException | IOException e) {
      LOG.warn("values of shared names are left as they are: {}", e.toString());
    }
    for (Map.Entry<String, Holdings> session : sessions.entrySet()) {
      try {
        deleted += collect(session.getKey(), session.getValue());
      } catch (RuntimeException | IOException e) {
        LOG.warn("the values of {} are left as they are: {}", session.getKey(), e.toString());
      }
    }
    return deleted;
  }

  private Map<String, Holdings> holdings() {
    Map<String, Holdings> sessions = new LinkedHashMap<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = anna.scan("session/", cursor, PAGE).join();
      for (Key key : page.keys()) {
        String[] parts = key.text().split("/");
        if (parts.length == 4 && parts[2].equals("m")) {
          holdingsOf(sessions, parts[1]).manifests.put(Long.parseLong(parts[3]), key);
        } else if (parts.length == 6 && parts[2].equals("v")) {
          holdingsOf(sessions, parts[1]).values.add(key);
        }
      }
      cursor = page.next();
    } while (cursor != null);
    return sessions;
  }

  private static Holdings holdingsOf(Map<String, Holdings> sessions, String id) {
    return sessions.computeIfAbsent(id, each -> new Holdings());
  }

  private Set<Key> replacedOfShared() {
    try {
      return SharedReach.of(anna).replaced();
    } catch (RuntimeException | IOException e) {
      LOG.warn("values of shared names are left as they are: {}", e.toString());
      return new HashSet<>();
    }
  }

  /** Deletes values of shared names that were replaced and that no session has taken over. */
  private int collectShared(Set<Key> replaced, Map<String, Holdings> sessions) throws IOException {
    if (replaced.isEmpty()) {
      return 0;
    }
    for (Map.Entry<String, Holdings> session : sessions.entrySet()) {
      for (Key manifest : session.getValue().manifests.values()) {
        Manifest.of(anna.get(manifest).join().lattice())
            .kept()
            .map(Entry::valueKey)
            .filter(Objects::nonNull)
            .forEach(key -> replaced.remove(new Key(key)));
      }
      Unended jobs = new Unended();
      addUnended(session.getKey(), session.getValue(), jobs);
      jobs.values.forEach(key -> replaced.remove(new Key(key)));
    }
    if (!replaced.isEmpty()) {
      anna.delete(replaced).join();
    }
    return replaced.size();
  }

  private int collect(String sessionId, Holdings held) throws IOException {
    Unended jobs = new Unended();
    addUnended(sessionId, held, jobs);
    Map<Long, Manifest> manifests = new TreeMap<>();
    for (Map.Entry<Long, Key> each : held.manifests.entrySet()) {
      manifests.put(each.getKey(), Manifest.of(anna.get(each.getValue()).join().lattice()));
    }
    long newest = manifests.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    Set<String> reachable = new HashSet<>();
    manifests.forEach((epoch, manifest) -> {
      if (epoch > newest - EPOCHS_KEPT) {
        manifest.kept().map(Entry::valueKey).filter(Objects::nonNull).forEach(reachable::add);
      }
    });
    addUnended(sessionId, held, jobs);
    reachable.addAll(jobs.values);
    List<Key> dead = new ArrayList<>();
    for (Key value : held.values) {
      if (!reachable.contains(value.text()) && isSettled(value, manifests, jobs)) {
        dead.add(value);
      }
    }
    held.manifests.forEach((epoch, key) -> {
      if (epoch <= newest - EPOCHS_KEPT) {
        dead.add(key);
      }
    });
    if (!dead.isEmpty()) {
      anna.delete(dead).join();
    }
    return dead.size();
  }

  /** Whether the commit that the value was written for has landed or never will. */
  private static boolean isSettled(Key value, Map<Long, Manifest> manifests, Unended jobs) {
    String[] parts = value.text().split("/");
    Stamp stamp = stamp(parts[4]);
    Manifest manifest = manifests.get(Long.parseLong(parts[3]));
    return stamp != null
        && manifest != null
        && manifest.frontier().covers(stamp)
        && !jobs.ids.contains(parts[3] + "/" + SessionKeys.jobId(stamp));
  }

  private void addUnended(String sessionId, Holdings held, Unended jobs) throws IOException {
    for (long epoch : held.manifests.keySet()) {
      String prefix = new SessionKeys(sessionId, epoch).jobPrefix();
      String cursor = null;
      do {
        AnnaClient.KeyPage page = anna.scan(prefix, cursor, PAGE).join();
        for (Key key : page.keys()) {
          if (anna.get(key).join().lattice() instanceof LwwRegister register) {
            Submission job = RecordCodec.decode(Submission.class, register.value());
            jobs.ids.add(epoch + "/" + SessionKeys.jobId(job.execute().stamp()));
            job.execute().entries().stream()
                .map(Entry::valueKey)
                .filter(Objects::nonNull)
                .forEach(jobs.values::add);
          }
        }
        cursor = page.next();
      } while (cursor != null);
    }
  }

  static @Nullable Stamp stamp(String spelling) {
    String[] parts = spelling.split("\\.");
    return parts.length == 3
        ? new Stamp(Long.parseLong(parts[0]), parts[1], Integer.parseInt(parts[2]))
        : null;
  }
}
