package zmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With real pipes and selectors. */
@Timeout(60)
final class SignalerTest {
  private static final int SENDERS = 4;
  private static final int EACH = 50_000;

  private final Ctx context = new Ctx();
  private final Signaler signaler = new Signaler(context, 1, context.errno());

  @AfterEach
  void close() throws IOException {
    signaler.close();
    context.terminate();
  }

  @Test
  void theLibraryUsesThisClass() {
    assertNotEquals(placeOf(SocketBase.class), placeOf(Signaler.class));
  }

  private static URL placeOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Test
  void everySignalOfManyThreadsIsReceivedOnce() throws Exception {
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      senders.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < EACH; n++) {
                  signaler.send();
                }
              }));
    }
    for (int n = 0; n < SENDERS * EACH; n++) {
      assertTrue(signaler.waitEvent(-1));
      signaler.recv();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    assertNothingIsLeft();
  }

  @Test
  void morePendingSignalsThanThePipeHoldsAreNotLost() throws IOException {
    for (int n = 0; n < SENDERS * EACH; n++) {
      signaler.send();
    }
    for (int n = 0; n < SENDERS * EACH; n++) {
      assertTrue(signaler.waitEvent(0));
      signaler.recv();
    }
    assertNothingIsLeft();
    signaler.send();
    assertTrue(signaler.waitEvent(-1), "a full pipe must not make it deaf afterwards");
  }

  @Test
  void whoWaitsIsWokenBySendersAndByInterrupts() throws Exception {
    assertFalse(signaler.waitEvent(1));
    assertEquals(ZError.EAGAIN, context.errno().get());
    Thread sender = Thread.ofPlatform().start(signaler::send);
    assertTrue(signaler.waitEvent(-1));
    signaler.recv();
    sender.join();
    Thread.currentThread().interrupt();
    assertFalse(signaler.waitEvent(-1));
    assertEquals(ZError.EINTR, context.errno().get());
    Thread.currentThread().interrupt();
    signaler.send();
    assertTrue(Thread.interrupted(), "sending keeps the interrupt for its owner");
    assertTrue(signaler.waitEvent(-1));
    signaler.recv();
    assertNothingIsLeft();
  }

  /** Neither a signal nor a byte that would wake a selector for nothing. */
  private void assertNothingIsLeft() throws IOException {
    assertFalse(signaler.waitEvent(0));
    assertEquals(ZError.EAGAIN, context.errno().get());
    try (Selector selector = Selector.open()) {
      signaler.getFd().register(selector, SelectionKey.OP_READ);
      assertEquals(0, selector.selectNow());
    }
  }
}
