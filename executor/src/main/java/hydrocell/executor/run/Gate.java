package hydrocell.executor.run;

import hydrocell.api.CellStop;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether a stop may be delivered into one thread of the user's. The thread shuts its gate on the
 * way from the user's code into ours (printing, reading input, loading a value) and opens it on the
 * way back, so a stop never lands inside ours. What arrives meanwhile is owed and thrown when the
 * gate opens. The thread itself calls {@link #shut} and {@link #open}; any other one {@link
 * #deliver}.
 */
final class Gate {
  private static final int POLLS = 500;

  private enum State {
    OPEN,
    SHUT,
    DELIVERING
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private volatile boolean onItsWay;
  private volatile boolean owed;
  private int depth;
  private boolean interrupted;
  private long polled;

  /** What is done to a thread whose gate is open. */
  interface Delivery {
    /** Interrupts or stops the thread. */
    void to(Thread thread);
  }

  /** Our code begins; throws a stop that was on its way. */
  void shut() {
    if (depth > 0) {
      depth++;
      return;
    }
    try {
      while (!state.compareAndSet(State.OPEN, State.SHUT)) {
        Thread.onSpinWait();
      }
      if (onItsWay) {
        absorb();
      }
      depth = 1;
    } catch (CellStop stop) {
      if (state.get() == State.SHUT) {
        onItsWay = false;
        state.set(State.OPEN);
      }
      throw stop;
    }
    // An interrupt in the middle of a system call of ours would close a channel.
    interrupted = Thread.interrupted();
  }

  /** Lets a stop that was sent before the gate was shut arrive here, where it does no harm. */
  private void absorb() {
    CellStop arrived = null;
    for (int i = 0; i < POLLS; i++) {
      try {
        Thread.yield();
        polled++;
      } catch (CellStop stop) {
        arrived = stop;
      }
    }
    onItsWay = false;
    if (arrived != null) {
      throw arrived;
    }
  }

  /** Our code ends; throws the stop that came meanwhile. */
  void open() {
    if (openQuietly() && owed) {
      owed = false;
      throw new CellStop();
    }
  }

  /**
   * Our code ends, and a stop that came meanwhile is left to the next delivery: thrown inside a
   * class initialiser it would make the class unusable.
   *
   * @return whether the gate is open now
   */
  boolean openQuietly() {
    depth--;
    if (depth > 0) {
      return false;
    }
    if (interrupted) {
      interrupted = false;
      Thread.currentThread().interrupt();
    }
    state.set(State.OPEN);
    return true;
  }

  /** Whether a stop waits for the gate to open: a wait inside our code ends early. */
  boolean owes() {
    return owed;
  }

  /** Delivers now, or leaves it owed and wakes the thread where it waits inside our code. */
  void deliver(Thread thread, boolean stops, Delivery delivery) {
    if (state.compareAndSet(State.OPEN, State.DELIVERING)) {
      try {
        onItsWay |= stops;
        delivery.to(thread);
      } finally {
        state.set(State.OPEN);
      }
    } else {
      owed = true;
      LockSupport.unpark(thread);
    }
  }

  /** Forgets what is owed: the cell that it was meant for is over. */
  void settle() {
    owed = false;
  }

  @Override
  public String toString() {
    return state + (owed ? ", owes a stop" : "") + ", polled " + polled;
  }
}
