package hydrocell.executor.compiler;

/** Prints how long cells take to compile; run by hand. */
final class CompileLatency {
  public static void main(String[] arguments) throws Throwable {
    TestSession session = new TestSession();
    long[] ns = new long[400];
    for (int i = 0; i < ns.length; i++) {
      long at = System.nanoTime();
      session.compile(i + " + 1");
      ns[i] = System.nanoTime() - at;
    }
    for (int i = 0; i < ns.length; i += 50) {
      long[] part = java.util.Arrays.copyOfRange(ns, i, i + 50);
      java.util.Arrays.sort(part);
      System.out.println(i + ": median " + part[25] / 1000 + " us, p90 " + part[45] / 1000);
    }
  }
}
