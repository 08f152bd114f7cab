package hydrocell.cell.message;

import java.util.List;

/** What became of a {@link ResolveRequest}. */
public sealed interface Resolution {
  /**
   * All libraries are on this machine.
   *
   * @param wanted the coordinates that were asked for, with those of the POM and with versions
   * @param repositories those of the request and of its POM
   * @param artifacts wanted ones and what these need, in the order of the class path
   * @param tree for people: who needs what, one line each
   * @param excluded those of the request and of its POM
   * @param managed versions that count from now on, those of the POM among them
   */
  record Resolved(
      List<String> wanted,
      List<ResolveRequest.Repository> repositories,
      List<Artifact> artifacts,
      List<String> tree,
      List<ResolveRequest.Exclusion> excluded,
      List<String> managed)
      implements Resolution {}

  /**
   * A library.
   *
   * @param coordinates with the version that was chosen
   * @param path of its jar
   * @param sha256 of the jar's bytes
   */
  record Artifact(String coordinates, String path, String sha256) {}

  /** Something cannot be had; {@code reason} says what, and what there is instead. */
  record Unresolved(String reason) implements Resolution {}

  /**
   * Jars are still being fetched; said by the resolver now and then before its answer.
   *
   * @param files how many were begun
   * @param bytes how many of them are here
   * @param ofBytes how many they have, as far as that is known
   * @param file the name of one that comes just now
   */
  record Underway(int files, long bytes, long ofBytes, String file) implements Resolution {}
}
