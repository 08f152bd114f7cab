package hydrocell.kernel.channel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;

/** What is sent to somebody who never reads. */
@Timeout(60)
class SocketOwnerTest {
  private static final int MESSAGES = 400_000;
  private static final int MESSAGE_BYTES = 1_000;
  private static final long MAX_HELD_BYTES = 100L << 20;

  @Test
  void aSubscriberThatNeverReadsCostsBoundedMemory() throws InterruptedException {
    try (ZContext context = new ZContext()) {
      SocketOwner owner =
          new SocketOwner(context, SocketType.XPUB, "tcp://127.0.0.1:*", "published");
      CountDownLatch subscribed = new CountDownLatch(1);
      owner.start(frames -> subscribed.countDown());
      try (ZContext elsewhere = new ZContext()) {
        Subscriber.open(elsewhere, owner.address());
        assertTrue(subscribed.await(20, TimeUnit.SECONDS), "no subscription came");
        long before = heldBytes();
        for (int i = 0; i < MESSAGES; i++) {
          owner.send(List.of(new byte[MESSAGE_BYTES]));
        }
        long held = heldBytes() - before;
        assertTrue(held < MAX_HELD_BYTES, () -> "%,d bytes are held".formatted(held));
      }
      owner.close();
    }
  }

  private static long heldBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
