package hydrocell.cell.message;

import java.util.List;

/**
 * Libraries that a notebook wants, all of them at once, so that conflicts between them are settled.
 *
 * @param wanted coordinates: {@code group:artifact[:extension[:classifier]]:version}; without a
 *     version the newest release
 * @param repositories where to look besides Maven's central repository
 * @param pom text of a POM whose dependencies, managed versions and repositories count as well;
 *     empty for none
 * @param offline whether only what is on this machine may be used
 */
public record ResolveRequest(
    List<String> wanted, List<Repository> repositories, String pom, boolean offline) {
  /**
   * A repository.
   *
   * @param id by which settings name it
   * @param url where it is
   */
  public record Repository(String id, String url) {}
}
