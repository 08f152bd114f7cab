package hydrocell.executor.compiler;

import hydrocell.cell.message.CompileReply;
import java.util.Comparator;

/**
 * Something that could stand at the cursor. The best comes first: what is typed exactly so, what
 * has the type that is wanted, what is near.
 *
 * @param name what is matched against the word at the cursor
 * @param text what is inserted
 * @param kind such as method, class, keyword
 * @param signature parameters and type, or the package of a type; empty without one
 * @param fits whether it has the type that is wanted here, if one is
 * @param nearness where it comes from
 * @param place among those of equal nearness, what is first; equal ones by name
 */
record Proposal(
    String name,
    String text,
    String kind,
    String signature,
    Fit fits,
    Nearness nearness,
    int place) {
  /** How well a proposal's type suits the place. */
  enum Fit {
    /** It has the wanted type. */
    WANTED,
    /** Nothing special is wanted, or it is not known. */
    OPEN,
    /** It has another type than wanted. */
    OTHER
  }

  /** Where a proposal comes from, the nearest first. */
  enum Nearness {
    LOCAL,
    MEMBER,
    CELL,
    SESSION,
    INHERITED,
    KEYWORD,
    IMPORTED,
    OBJECT,
    UNIMPORTED
  }

  /** The order of proposals for what is typed. */
  static Comparator<Proposal> order(String typed) {
    return Comparator.comparing((Proposal each) -> !each.name.startsWith(typed))
        .thenComparing(Proposal::fits)
        .thenComparing(Proposal::nearness)
        .thenComparingInt(Proposal::place)
        .thenComparing(Proposal::name, String.CASE_INSENSITIVE_ORDER)
        .thenComparing(Proposal::text);
  }

  /** Whether a name may be what is being typed. */
  static boolean matches(String name, String typed) {
    return name.regionMatches(true, 0, typed, 0, typed.length());
  }

  CompileReply.Completion completion() {
    return new CompileReply.Completion(text, kind, signature);
  }
}
