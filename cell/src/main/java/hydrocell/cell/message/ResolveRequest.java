package hydrocell.cell.message;

import java.util.List;

/**
 * Libraries that a notebook wants, all of them at once, so that conflicts between them are settled;
 * or the documentation of one that it has.
 *
 * @param wanted coordinates: {@code group:artifact[:extension[:classifier]]:version}; without a
 *     version the newest release
 * @param repositories where to look besides Maven's central repository
 * @param pom text of a POM whose dependencies, managed versions and repositories count as well;
 *     empty for none
 * @param offline whether only what is on this machine may be used
 * @param excluded what the wanted ones must not bring along
 * @param managed versions for what is asked for or brought along without one, before those of the
 *     POM: coordinates; of the type {@code pom} it is a BOM, whose managed versions count
 * @param fresh whether newer snapshots are looked for
 * @param documentation whether not the libraries are wanted, but what documents them: their
 *     sources, or else the pages of javadoc; a repository that has neither is not asked again
 */
public record ResolveRequest(
    List<String> wanted,
    List<Repository> repositories,
    String pom,
    boolean offline,
    List<Exclusion> excluded,
    List<String> managed,
    boolean fresh,
    boolean documentation) {
  /** The type of a BOM in its coordinates. */
  public static final String BOM_TYPE = "pom";

  /** Libraries. */
  public ResolveRequest(
      List<String> wanted,
      List<Repository> repositories,
      String pom,
      boolean offline,
      List<Exclusion> excluded,
      List<String> managed,
      boolean fresh) {
    this(wanted, repositories, pom, offline, excluded, managed, fresh, false);
  }

  /** What documents a library, by its coordinates with their version. */
  public static ResolveRequest documentation(String of, List<Repository> repositories) {
    return new ResolveRequest(
        List.of(of), repositories, "", false, List.of(), List.of(), false, true);
  }

  /**
   * A library that another one must not bring along.
   *
   * @param from the other one, by its name: coordinates without type and version
   * @param excluded {@code group:artifact}; a star stands for any
   */
  public record Exclusion(String from, String excluded) {}

  /**
   * A repository.
   *
   * @param id by which settings name it
   * @param url where it is
   */
  public record Repository(String id, String url) {}
}
