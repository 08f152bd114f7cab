package hydrocell.executor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Figures, printed; the limits are wide, so that a loaded machine does not fail. */
@Timeout(120)
class StateFiguresTest {
  @TempDir Path folder;

  private static long ms(long sinceNs) {
    return (System.nanoTime() - sinceNs) / 1_000_000;
  }

  @Test
  void aLargeArrayIsCommittedAndFetchedQuickly() throws Exception {
    try (Notebook notebook = new Notebook(folder)) {
      for (int round = 0; round < 2; round++) {
        long start = System.nanoTime();
        notebook.let("double[]", "a" + round, "new double[10_000_000]");
        long commit = ms(start);
        start = System.nanoTime();
        notebook.get("v(a" + round + ")[5]", "a" + round);
        long unchanged = ms(start);
        assertEquals(0, notebook.meter.keysWritten());
        notebook.onFreshExecutor();
        start = System.nanoTime();
        notebook.get("v(a" + round + ")[5]", "a" + round);
        long fetch = ms(start);
        System.out.printf(
            "double[10_000_000]: cell %d ms, unchanged %d ms, cold %d ms (all with javac)%n",
            commit, unchanged, fetch);
        assertTrue(commit < 5000 && fetch < 5000);
      }
    }
  }

  @Test
  void aMillionRecords() throws Exception {
    try (Notebook notebook = new Notebook(folder)) {
      notebook.ok(notebook.cells.cell().type("R", "record R(int a, double b) { }", false));
      for (int round = 0; round < 1; round++) {
        String name = "rs" + round;
        long start = System.nanoTime();
        notebook.let("List<Object>", name, "new ArrayList<>()");
        notebook.ok(
            notebook
                .cells
                .cell()
                .reads(name)
                .run(
                    "for (int i = 0; i < 1_000_000; i++) v("
                        + name
                        + ").add(new t(R)(i, i)); return null;"));
        long commit = ms(start);
        start = System.nanoTime();
        notebook.get("v(" + name + ").size()", name);
        long unchanged = ms(start);
        notebook.onFreshExecutor();
        start = System.nanoTime();
        notebook.get("v(" + name + ").size()", name);
        System.out.printf(
            "1,000,000 records: cell %d ms, unchanged %d ms, cold %d ms, %d bytes%n",
            commit, unchanged, ms(start), notebook.entry(name).sizeBytes());
      }
    }
  }

  @Test
  void theStoreAlone() throws Exception {
    try (Notebook notebook = new Notebook(folder)) {
      ValueStore store = new ValueStore(notebook.anna);
      List<ByteBuffer> chunks = ValueRoundTripTest.encode(new double[10_000_000]);
      for (int round = 0; round < 2; round++) {
        var key = new hydrocell.anna.Key("test/" + round);
        long start = System.nanoTime();
        store.put(key, chunks, new Traffic()).join();
        long put = ms(start);
        start = System.nanoTime();
        store.fetch(List.of(key), new Traffic());
        System.out.printf("80 MB: put %d ms, get %d ms%n", put, ms(start));
      }
    }
  }

  @Test
  void hashingIsBoundByMemory() {
    byte[] bytes = new byte[80_000_000];
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      ValueSource.hash(List.of(ByteBuffer.wrap(bytes)));
      System.out.printf("hash of 80 MB: %d ms%n", ms(start));
    }
    double[] array = new double[10_000_000];
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      ValueSink sink = new ValueSink(0);
      sink.elements(array, 8, array.length);
      sink.finish();
      long hash = ms(start);
      start = System.nanoTime();
      sink = new ValueSink(Long.MAX_VALUE);
      sink.elements(array, 8, array.length);
      sink.finish();
      System.out.printf("double[10_000_000]: hash %d ms, encode %d ms%n", hash, ms(start));
    }
  }
}
