package hydrocell.resolver;

import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import hydrocell.cell.message.ResolveRequest.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.resolution.DependencyResult;
import org.eclipse.aether.resolution.VersionRangeRequest;
import org.eclipse.aether.resolution.VersionRangeResolutionException;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.eclipse.aether.version.Version;

/** One request on its way: from what is wanted to the jars on this machine. Not thread-safe. */
final class Resolving {
  private static final int VERSIONS_NAMED = 8;

  private final Maven maven;
  private final ResolveRequest request;
  private final List<Repository> repositories = new ArrayList<>();
  private final List<Dependency> roots = new ArrayList<>();
  private List<RemoteRepository> remotes = List.of();

  Resolving(Maven maven, ResolveRequest request) {
    this.maven = maven;
    this.request = request;
  }

  /** Finds everything, or says what cannot be had. */
  Resolution resolve() throws IOException {
    PomText pom = PomText.read(request.pom());
    Set<Repository> places = new LinkedHashSet<>(request.repositories());
    places.addAll(pom.repositories);
    repositories.addAll(places);
    remotes = maven.repositories(repositories);
    for (String coordinates : request.wanted()) {
      roots.add(new Dependency(withVersion(coordinates), JavaScopes.COMPILE));
    }
    roots.addAll(pom.dependencies);
    CollectRequest collect = new CollectRequest();
    collect.setRepositories(remotes);
    List<Dependency> managed = managed(pom);
    roots.replaceAll(root -> versioned(root, managed));
    collect.setDependencies(roots);
    collect.setManagedDependencies(managed);
    DependencyRequest whole =
        new DependencyRequest(
            collect, DependencyFilterUtils.classpathFilter(JavaScopes.COMPILE, JavaScopes.RUNTIME));
    try {
      return resolved(maven.system().resolveDependencies(maven.session(), whole));
    } catch (DependencyResolutionException e) {
      throw new IOException(reason(e), e);
    }
  }

  /** Versions that the POM manages itself, and those of the BOMs it imports. */
  private List<Dependency> managed(PomText pom) throws IOException {
    List<Dependency> managed = new ArrayList<>(pom.managed);
    for (Artifact bom : pom.boms) {
      try {
        managed.addAll(
            maven
                .system()
                .readArtifactDescriptor(
                    maven.session(), new ArtifactDescriptorRequest(bom, remotes, "bom"))
                .getManagedDependencies());
      } catch (ArtifactDescriptorException e) {
        throw new IOException("the BOM " + bom + " cannot be read: " + e.getMessage(), e);
      }
    }
    return managed;
  }

  private static Dependency versioned(Dependency root, List<Dependency> managed) {
    Artifact artifact = root.getArtifact();
    if (!artifact.getVersion().isEmpty()) {
      return root;
    }
    return managed.stream()
        .map(Dependency::getArtifact)
        .filter(a ->
            a.getGroupId().equals(artifact.getGroupId())
                && a.getArtifactId().equals(artifact.getArtifactId()))
        .findFirst()
        .map(a -> root.setArtifact(artifact.setVersion(a.getVersion())))
        .orElse(root);
  }

  /** Reads coordinates; without a version they mean the newest release. */
  private Artifact withVersion(String coordinates) throws IOException {
    String[] parts = coordinates.split(":");
    if (parts.length < 2 || parts.length > 5) {
      throw new IOException(
          "'%s' are no coordinates: they are written group:artifact:version"
              .formatted(coordinates));
    }
    boolean open =
        parts.length == 2
            || parts[parts.length - 1].equals("LATEST")
            || parts[parts.length - 1].equals("RELEASE");
    if (!open) {
      return new DefaultArtifact(coordinates);
    }
    List<Version> versions = versions(parts[0], parts[1]);
    if (versions.isEmpty()) {
      throw new IOException(unknown(parts[0], parts[1]));
    }
    String newest =
        versions.reversed().stream()
            .map(Version::toString)
            .filter(version -> version.matches("[0-9.]+([.-](Final|GA|RELEASE|jre))?"))
            .findFirst()
            .orElse(versions.getLast().toString());
    return new DefaultArtifact(parts[0], parts[1], "jar", newest);
  }

  private List<Version> versions(String group, String artifact) {
    try {
      return maven
          .system()
          .resolveVersionRange(
              maven.session(),
              new VersionRangeRequest(
                  new DefaultArtifact(group, artifact, "jar", "[0,)"), remotes, ""))
          .getVersions();
    } catch (VersionRangeResolutionException e) {
      return List.of();
    }
  }

  private static String unknown(String group, String artifact) {
    return "there is no %s:%s in the repositories that are looked in".formatted(group, artifact);
  }

  private Resolution resolved(DependencyResult result) throws IOException {
    List<Resolution.Artifact> artifacts = new ArrayList<>();
    for (ArtifactResult each : result.getArtifactResults()) {
      Artifact artifact = each.getArtifact();
      Path path = artifact.getPath();
      if (path != null && !artifact.getExtension().equals("pom")) {
        artifacts.add(new Resolution.Artifact(artifact.toString(), path.toString(), sha256(path)));
      }
    }
    List<String> tree = new ArrayList<>();
    result.getRoot().getChildren().forEach(child -> draw(child, "", tree));
    return new Resolution.Resolved(
        roots.stream().map(root -> root.getArtifact().toString()).toList(),
        repositories,
        artifacts,
        tree);
  }

  private static void draw(DependencyNode node, String indent, List<String> tree) {
    if (node.getArtifact() != null) {
      tree.add(indent + node.getArtifact());
      node.getChildren().forEach(child -> draw(child, indent + "   ", tree));
    }
  }

  private String reason(DependencyResolutionException failure) {
    List<String> lines = new ArrayList<>();
    if (failure.getResult() != null) {
      for (ArtifactResult each : failure.getResult().getArtifactResults()) {
        Artifact missing = each.getRequest().getArtifact();
        if (!each.isResolved() && missing != null) {
          lines.add(nearby(missing));
        }
      }
    }
    if (lines.isEmpty()) {
      for (Dependency root : roots) {
        Artifact artifact = root.getArtifact();
        List<String> known =
            versions(artifact.getGroupId(), artifact.getArtifactId()).stream()
                .map(Version::toString)
                .toList();
        if (!known.contains(artifact.getVersion())) {
          lines.add(nearby(artifact));
        }
      }
    }
    return lines.isEmpty() ? String.valueOf(failure.getMessage()) : String.join("; ", lines);
  }

  /** What there is instead of an artifact that is not there. */
  private String nearby(Artifact missing) {
    List<Version> versions = versions(missing.getGroupId(), missing.getArtifactId());
    if (versions.isEmpty()) {
      return unknown(missing.getGroupId(), missing.getArtifactId())
          + (maven.session().isOffline() ? " (Maven is offline)" : "");
    }
    List<String> last =
        versions
            .subList(Math.max(0, versions.size() - VERSIONS_NAMED), versions.size())
            .reversed()
            .stream()
            .map(Version::toString)
            .toList();
    return "there is no %s; of %s:%s there are %s"
        .formatted(
            missing,
            missing.getGroupId(),
            missing.getArtifactId(),
            String.join(", ", last) + (versions.size() > last.size() ? " and earlier ones" : ""));
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] part = new byte[1 << 16];
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        digest.update(part, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
