package hydrocell.resolver;

import hydrocell.cell.Spelling;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.VersionRangeRequest;
import org.eclipse.aether.resolution.VersionRangeResolutionException;
import org.eclipse.aether.resolution.VersionRangeResult;
import org.eclipse.aether.transfer.MetadataNotFoundException;
import org.eclipse.aether.transfer.MetadataTransferException;
import org.jspecify.annotations.Nullable;

/** What there is in the repositories of a request, and words for what there is not. */
final class Catalogue {
  private static final int VERSIONS_NAMED = 8;
  private static final String ALL = "[0,)";

  private final Maven maven;
  private final List<RemoteRepository> remotes;

  /** By the id of a repository: why it has nothing to say. */
  private final Map<String, String> silent = new LinkedHashMap<>();

  Catalogue(Maven maven, List<RemoteRepository> remotes) {
    this.maven = maven;
    this.remotes = remotes;
    for (RemoteRepository each : remotes) {
      if (each.isBlocked()) {
        each.getMirroredRepositories()
            .forEach(of ->
                silent.put(
                    of.getId(),
                    "is blocked by the mirror %s of Maven's settings".formatted(each.getId())));
      }
    }
  }

  RepositorySystem system() {
    return maven.system();
  }

  RepositorySystemSession session() {
    return maven.session();
  }

  List<RemoteRepository> remotes() {
    return remotes;
  }

  /** All versions of something, the newest last. */
  List<String> versions(Artifact of) {
    try {
      VersionRangeResult found =
          system()
              .resolveVersionRange(
                  session(),
                  new VersionRangeRequest(
                      new DefaultArtifact(of.getGroupId(), of.getArtifactId(), "jar", ALL),
                      remotes,
                      ""));
      found.getExceptions().forEach(this::note);
      return found.getVersions().stream().map(Object::toString).toList();
    } catch (VersionRangeResolutionException e) {
      return List.of();
    }
  }

  private void note(Exception failure) {
    if (failure instanceof MetadataTransferException transfer
        && !(failure instanceof MetadataNotFoundException)) {
      String id = transfer.getRepository().getId();
      silent.put(id, "did not answer: " + why(id, failure));
    }
  }

  private static String why(String id, Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String words = String.valueOf(cause.getMessage());
    return words.matches("(?s).*\\b40[13]\\b.*")
        ? "it wants a name and a password: Maven's settings.xml needs a <server> with <id>%s</id> (%s)"
            .formatted(id, words)
        : words.contains("407")
            ? "the proxy wants a name and a password, in Maven's settings.xml (%s)".formatted(words)
            : cause.getMessage() == null ? cause.getClass().getSimpleName() : words;
  }

  /** What there is instead of something that is not there. */
  String nearby(Artifact missing) {
    List<String> versions = versions(missing);
    String what =
        versions.isEmpty() || versions.contains(missing.getVersion())
            ? unknown(missing, versions)
            : other(missing, versions);
    List<String> words = new ArrayList<>(List.of(what));
    silent.forEach((id, why) -> words.add("the repository %s %s".formatted(id, why)));
    if (session().isOffline()) {
      words.add("Maven is offline");
    }
    return String.join("; ", words);
  }

  private static String other(Artifact missing, List<String> versions) {
    List<String> last =
        versions.subList(Math.max(0, versions.size() - VERSIONS_NAMED), versions.size()).reversed();
    return "there is no %s; of %s:%s there are %s%s"
        .formatted(
            missing,
            missing.getGroupId(),
            missing.getArtifactId(),
            String.join(", ", last),
            versions.size() > last.size() ? " and earlier ones" : "");
  }

  private String unknown(Artifact missing, List<String> versions) {
    String name = missing.getGroupId() + ":" + missing.getArtifactId();
    String near = versions.isEmpty() ? neighbour(missing) : null;
    return "there is no %s in the repositories that are looked in (%s)%s"
        .formatted(
            versions.isEmpty() ? name : missing,
            String.join(", ", remotes.stream().map(RemoteRepository::getId).toList()),
            near == null ? "" : "; did you mean %s:%s?".formatted(missing.getGroupId(), near));
  }

  /** What this machine has of the same group under a similar name. */
  private @Nullable String neighbour(Artifact missing) {
    Path local = session().getLocalRepository().getBasePath();
    Path group = local.resolve(missing.getGroupId().replace('.', '/'));
    List<String> known = new ArrayList<>();
    try (DirectoryStream<Path> artifacts = Files.newDirectoryStream(group, Files::isDirectory)) {
      for (Path artifact : artifacts) {
        if (hasVersion(artifact)) {
          known.add(artifact.getFileName().toString());
        }
      }
    } catch (IOException e) {
      // Nothing of this group is here: there is nothing to propose.
    }
    return Spelling.nearest(missing.getArtifactId(), known);
  }

  private static boolean hasVersion(Path artifact) throws IOException {
    try (Stream<Path> files = Files.walk(artifact, 2)) {
      return files.anyMatch(file -> file.toString().endsWith(".pom"));
    }
  }
}
