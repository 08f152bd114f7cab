package hydrocell.executor;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Usage;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds what cells used to the counters in Anna: of the cell, its session and its owner. The host is
 * their only writer, and not the executor: a cell cannot write its own bill, and one whose executor
 * is killed is billed as well. A counter's part is merged as the sum so far, so a merge that has to
 * be repeated counts once. No cell waits for any of this. Thread-safe; a thread of its own talks to
 * Anna.
 */
final class Metering implements Closeable {
  /** The name of this host in counters. */
  static final String WRITER = "host";

  private static final Logger LOG = LoggerFactory.getLogger(Metering.class);

  /** How many pages of single cells an epoch keeps. */
  private static final long PAGES_KEPT = 3;

  private static final int MAX_ACCOUNTS = 2_000;
  private static final int MAX_FRESH = 10_000;
  private static final long RETRY_S = 5;
  private static final long LAST_WORDS_S = 2;

  /** What one run of a cell used. */
  record Charge(SessionKeys keys, String owner, long cell, Usage usage) {
    private long page() {
      return cell / SessionKeys.CELLS_PER_PAGE;
    }
  }

  /** Where a usage lies. */
  private record Place(Key key, String prefix) {}

  /** What is stored of a place, and what is not yet. */
  private static final class Account {
    Usage stored;
    Usage owed = Usage.ZERO;

    Account(Usage stored) {
      this.stored = stored;
    }
  }

  private final AnnaClient anna;
  private final Object lock = new Object();

  /** Charges that have not reached an account. */
  private final List<Charge> fresh = new ArrayList<>();

  /** Of the metering thread. */
  private final Map<Place, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);

  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("metering").factory());

  Metering(AnnaClient anna) {
    this.anna = anna;
  }

  /** Counts a run. Never waits. */
  void charge(Charge charge) {
    synchronized (lock) {
      if (fresh.size() >= MAX_FRESH) {
        Charge oldest = fresh.removeFirst();
        LOG.warn("what a cell of {} used is not counted: Anna is away", oldest.keys().sessionId());
      }
      fresh.add(charge);
    }
    settleAfter(0);
  }

  private void settleAfter(long seconds) {
    if (scheduled.compareAndSet(false, true)) {
      try {
        thread.schedule(this::settle, seconds, TimeUnit.SECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("the host is closing");
      }
    }
  }

  private void settle() {
    scheduled.set(false);
    try {
      for (Charge next = first(); next != null; next = first()) {
        Map<Place, Usage> owed = owed(next);
        open(next, owed.keySet());
        owed.forEach((place, usage) -> {
          Account account = Objects.requireNonNull(accounts.get(place), "it was opened");
          account.owed = account.owed.plus(usage);
        });
        synchronized (lock) {
          fresh.remove(next);
        }
      }
      store();
      forget();
    } catch (CompletionException e) {
      LOG.warn("usage cannot be counted now, and will be: {}", e.getMessage());
      settleAfter(RETRY_S);
    }
  }

  private @Nullable Charge first() {
    synchronized (lock) {
      return fresh.isEmpty() ? null : fresh.getFirst();
    }
  }

  private static Map<Place, Usage> owed(Charge charge) {
    Map<Place, Usage> owed = new LinkedHashMap<>();
    Key page = charge.keys().usageOfCells(charge.page());
    owed.put(new Place(page, charge.cell() + "/"), charge.usage());
    owed.put(new Place(charge.keys().usage(), ""), charge.usage());
    owed.put(new Place(SessionKeys.usageOfOwner(charge.owner()), ""), charge.usage());
    return owed;
  }

  /** Reads what this host has counted before; a new page of cells replaces an old one. */
  private void open(Charge charge, Set<Place> places) {
    Map<Place, CompletableFuture<AnnaClient.Read>> reads = new LinkedHashMap<>();
    for (Place place : places) {
      if (!accounts.containsKey(place)) {
        reads.put(place, anna.get(place.key()));
      }
    }
    for (Map.Entry<Place, CompletableFuture<AnnaClient.Read>> read : reads.entrySet()) {
      Place place = read.getKey();
      Lattice found = read.getValue().join().lattice();
      accounts.put(place, new Account(Usage.of(found, place.prefix(), WRITER)));
      if (found == null && !place.prefix().isEmpty() && charge.page() >= PAGES_KEPT) {
        Key old = charge.keys().usageOfCells(charge.page() - PAGES_KEPT);
        anna.delete(List.of(old)).join();
        accounts.keySet().removeIf(each -> each.key().equals(old));
      }
    }
  }

  private void store() {
    Map<Account, Usage> sums = new IdentityHashMap<>();
    List<CompletableFuture<?>> merges = new ArrayList<>();
    accounts.forEach((place, account) -> {
      if (!account.owed.equals(Usage.ZERO)) {
        Usage sum = account.stored.plus(account.owed);
        sums.put(account, sum);
        merges.add(anna.merge(place.key(), sum.counters(WRITER, place.prefix()), Durability.LOG));
      }
    });
    CompletableFuture.allOf(merges.toArray(CompletableFuture[]::new)).join();
    sums.forEach((account, sum) -> {
      account.stored = sum;
      account.owed = Usage.ZERO;
    });
  }

  /** Forgets the accounts that were not used for longest; what they owe is stored. */
  private void forget() {
    Iterator<Account> oldest = accounts.values().iterator();
    for (int left = accounts.size() - MAX_ACCOUNTS; left > 0; left--) {
      oldest.next();
      oldest.remove();
    }
  }

  /** Stores what is still to be counted, if Anna is there. */
  @Override
  public void close() {
    settleAfter(0);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST_WORDS_S, TimeUnit.SECONDS)) {
        LOG.warn("what some cells used is not counted: Anna did not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
