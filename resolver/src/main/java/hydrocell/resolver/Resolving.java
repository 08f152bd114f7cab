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
import org.eclipse.aether.collection.DependencyCollectionException;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.resolution.DependencyResult;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.artifact.SubArtifact;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.jspecify.annotations.Nullable;

/** One request on its way: from what is wanted to the jars on this machine. Not thread-safe. */
final class Resolving {
  /** By their classifiers; what is named first is better. */
  private static final List<String> DOCUMENTATION = List.of("sources", "javadoc");

  private final Maven maven;
  private final ResolveRequest request;

  Resolving(Maven maven, ResolveRequest request) {
    this.maven = maven;
    this.request = request;
  }

  /** Finds everything, or says what cannot be had. */
  Resolution resolve() throws IOException {
    return request.documentation() ? document() : libraries();
  }

  private Resolution libraries() throws IOException {
    PomText pom = PomText.read(request.pom());
    Set<Repository> places = new LinkedHashSet<>(request.repositories());
    places.addAll(pom.repositories);
    Catalogue catalogue = new Catalogue(maven, maven.repositories(places));
    Wanted wanted = new Wanted(catalogue, request, pom);
    List<Dependency> roots = wanted.roots();
    CollectRequest collect = new CollectRequest();
    collect.setRepositories(catalogue.remotes());
    collect.setDependencies(roots);
    collect.setManagedDependencies(wanted.managed());
    DependencyRequest whole =
        new DependencyRequest(
            collect, DependencyFilterUtils.classpathFilter(JavaScopes.COMPILE, JavaScopes.RUNTIME));
    try {
      DependencyResult found = maven.system().resolveDependencies(maven.session(), whole);
      return new Resolution.Resolved(
          roots.stream().map(root -> root.getArtifact().toString()).toList(),
          List.copyOf(places),
          jars(found),
          LibraryTree.draw(maven, collect),
          Wanted.exclusions(roots),
          wanted.keptManaged());
    } catch (DependencyResolutionException e) {
      throw new IOException(reason(e, roots, catalogue), e);
    } catch (DependencyCollectionException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Fetches what documents the wanted libraries, to beside their jars. */
  private Resolution document() {
    Catalogue catalogue = new Catalogue(maven, maven.repositories(request.repositories()));
    List<Resolution.Artifact> found = new ArrayList<>();
    for (String coordinates : request.wanted()) {
      Artifact library = new DefaultArtifact(coordinates);
      for (String kind : DOCUMENTATION) {
        Artifact there = fetch(new SubArtifact(library, kind, "jar"), catalogue.remotes());
        if (there != null) {
          found.add(new Resolution.Artifact(there.toString(), String.valueOf(there.getPath()), ""));
          break;
        }
      }
    }
    return found.isEmpty()
        ? new Resolution.Unresolved("nothing documents " + String.join(", ", request.wanted()))
        : new Resolution.Resolved(
            request.wanted(), request.repositories(), found, List.of(), List.of(), List.of());
  }

  /** One artifact and nothing that it needs; null when it cannot be had. */
  private @Nullable Artifact fetch(Artifact asked, List<RemoteRepository> remotes) {
    try {
      return maven
          .system()
          .resolveArtifact(maven.session(), new ArtifactRequest(asked, remotes, ""))
          .getArtifact();
    } catch (ArtifactResolutionException e) {
      return null;
    }
  }

  private static List<Resolution.Artifact> jars(DependencyResult found) throws IOException {
    List<Resolution.Artifact> jars = new ArrayList<>();
    for (ArtifactResult each : found.getArtifactResults()) {
      Artifact artifact = each.getArtifact();
      Path path = artifact.getPath();
      if (path != null && !artifact.getExtension().equals(ResolveRequest.BOM_TYPE)) {
        jars.add(new Resolution.Artifact(artifact.toString(), path.toString(), sha256(path)));
      }
    }
    return jars;
  }

  private static String reason(
      DependencyResolutionException failure, List<Dependency> roots, Catalogue catalogue) {
    Set<String> lines = new LinkedHashSet<>();
    if (failure.getResult() != null) {
      for (ArtifactResult each : failure.getResult().getArtifactResults()) {
        Artifact missing = each.getRequest().getArtifact();
        if (!each.isResolved() && missing != null) {
          lines.add(catalogue.nearby(missing));
        }
      }
    }
    if (lines.isEmpty()) {
      for (Dependency root : roots) {
        Artifact artifact = root.getArtifact();
        if (!catalogue.versions(artifact).contains(artifact.getVersion())) {
          lines.add(catalogue.nearby(artifact));
        }
      }
    }
    return lines.isEmpty() ? String.valueOf(failure.getMessage()) : String.join("; ", lines);
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
