package hydrocell.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A notebook's cells, made from a seed, and what comes of running them one after the other. */
record RandomProgram(List<Cell> cells) {
  private static final int MAX_CELLS = 14;
  private static final int NAMES = 5;

  /** What became of a cell that was not the cell's own doing. */
  enum Verdict {
    NONE,
    CANCELLED,
    LOST
  }

  /** How a cell runs. */
  enum Kind {
    /** Without effects outside, beside the others. */
    PURE,
    /** With effects outside, beside the others. */
    OUTSIDE,
    /** In the foreground. */
    FOREGROUND
  }

  /** A cell that writes to each name a value made of its number and of all that it reads. */
  record Cell(int number, Kind kind, List<String> reads, List<String> writes, boolean fails) {
    String value(String name, List<String> inputs) {
      return "%s%d:%08x".formatted(name, number, inputs.hashCode());
    }
  }

  /**
   * A value, or that none can be read.
   *
   * @param failedIn the cell that should have written it; 0 when it can be read
   */
  record Held(String value, int failedIn) {}

  /**
   * How everything ended.
   *
   * @param names what they hold
   * @param inputs what each cell that began to run read
   * @param effects which cells had effects outside, in order
   */
  record Result(Map<String, Held> names, Map<Integer, List<String>> inputs, List<String> effects) {}

  static RandomProgram of(Random chance) {
    List<Cell> cells = new ArrayList<>();
    int count = 3 + chance.nextInt(MAX_CELLS - 2);
    for (int number = 1; number <= count; number++) {
      int kind = chance.nextInt(10);
      cells.add(
          new Cell(
              number,
              kind < 6 ? Kind.PURE : kind < 8 ? Kind.OUTSIDE : Kind.FOREGROUND,
              some(chance),
              some(chance),
              chance.nextInt(10) == 0));
    }
    return new RandomProgram(List.copyOf(cells));
  }

  private static List<String> some(Random chance) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < NAMES; i++) {
      if (chance.nextInt(3) == 0) {
        names.add(String.valueOf((char) ('a' + i)));
      }
    }
    return List.copyOf(names);
  }

  /** Every name, as it is before the first cell. */
  static Map<String, String> start() {
    Map<String, String> names = new TreeMap<>();
    for (int i = 0; i < NAMES; i++) {
      String name = String.valueOf((char) ('a' + i));
      names.put(name, name + "0");
    }
    return names;
  }

  /** Runs one cell after the other; what the world did to each is given. */
  Result serially(Map<Integer, Verdict> verdicts) {
    Map<String, Held> names = new TreeMap<>();
    start().forEach((name, value) -> names.put(name, new Held(value, 0)));
    Map<Integer, List<String>> inputs = new LinkedHashMap<>();
    List<String> effects = new ArrayList<>();
    for (Cell cell : cells) {
      Verdict verdict = verdicts.getOrDefault(cell.number, Verdict.NONE);
      boolean readable = cell.reads.stream().allMatch(name -> names.get(name).failedIn == 0);
      List<String> read = cell.reads.stream().map(name -> names.get(name).value).toList();
      if (readable && verdict == Verdict.NONE) {
        inputs.put(cell.number, read);
        if (cell.kind != Kind.PURE) {
          effects.add(cell.number + " " + read.hashCode());
        }
      }
      boolean succeeds = readable && verdict == Verdict.NONE && !cell.fails;
      for (String name : cell.writes) {
        if (succeeds) {
          names.put(name, new Held(cell.value(name, read), 0));
        } else if (cell.kind != Kind.FOREGROUND) {
          names.put(name, failed(cell, names.get(name), cell.reads.contains(name)));
        }
      }
    }
    return new Result(names, inputs, effects);
  }

  /** The cell that failed finds what it read when it is run again; for others it is nothing. */
  private static Held failed(Cell cell, Held before, boolean read) {
    return read && before.failedIn != 0 ? before : new Held(read ? before.value : "", cell.number);
  }
}
