package hydrocell.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same load for every store: so many connections, each with so many requests under way, written
 * as one block and read back as one block of answers.
 *
 * @param clients connections
 * @param inFlight requests under way on each
 * @param rounds blocks per connection
 */
record Load(int clients, int inFlight, int rounds) {
  /** One connection of a store. */
  interface Client extends AutoCloseable {
    /** Sends {@code count} requests and waits for all answers. */
    void round(int count) throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Opens the connection of one client. */
  interface Opener {
    Client open(int client) throws IOException;
  }

  /** Requests per second over all clients. */
  double run(Opener opener) throws IOException, InterruptedException, ExecutionException {
    List<Client> open = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (int i = 0; i < clients; i++) {
        open.add(opener.open(i));
      }
      List<Callable<Void>> work = new ArrayList<>();
      for (Client client : open) {
        work.add(() -> {
          for (int i = 0; i < rounds; i++) {
            client.round(inFlight);
          }
          return null;
        });
      }
      long beganNs = System.nanoTime();
      for (Future<Void> each : threads.invokeAll(work)) {
        each.get();
      }
      return (double) clients * inFlight * rounds / ((System.nanoTime() - beganNs) / 1e9);
    } finally {
      for (Client client : open) {
        client.close();
      }
    }
  }
}
