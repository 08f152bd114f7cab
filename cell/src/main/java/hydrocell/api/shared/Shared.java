package hydrocell.api.shared;

import hydrocell.api.CellRuntime;

/**
 * Values that cells of several notebooks change at the same time without waiting for each other:
 *
 * <pre>
 * var visits = Shared.counter("visits");
 * visits.add(1);
 * </pre>
 *
 * <p>A cell reads each of them as it stood when the cell first asked, with its own changes in it.
 * Its changes are part of its commit: others see them when the cell has ended, each exactly once,
 * and those of a cell that was lost never. A plain name is the user's own, in all of their
 * notebooks; {@code "OWNER/name"} is somebody else's. The objects hold the name alone and can be
 * kept in variables. Elements are texts, numbers, booleans, characters, dates and times, UUIDs, and
 * lists of these. Thread-safe.
 */
public final class Shared {
  private Shared() {}

  /** A number that everybody adds to. */
  public static SharedCounter counter(String name) {
    return new SharedCounter(CellRuntime.shared().resolve(name));
  }

  /** A set; of an addition and a removal at the same time the addition holds. */
  public static <T> SharedSet<T> set(String name) {
    return new SharedSet<>(CellRuntime.shared().resolve(name));
  }

  /** A map; values put under one key at the same time are all kept. */
  public static <K, V> SharedMap<K, V> map(String name) {
    return new SharedMap<>(CellRuntime.shared().resolve(name));
  }

  /** The largest number that anybody offered. */
  public static SharedMax max(String name) {
    return new SharedMax(CellRuntime.shared().resolve(name));
  }

  /** A list that everybody appends to. */
  public static <T> SharedLog<T> log(String name) {
    return new SharedLog<>(CellRuntime.shared().resolve(name));
  }
}
