package hydrocell.resolver;

import hydrocell.cell.Dependency;
import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.util.artifact.JavaScopes;

/**
 * What a request and its POM ask for, with the versions that are to be managed. Not thread-safe.
 */
final class Wanted {
  private static final String JAR = "jar";

  private final Catalogue catalogue;
  private final ResolveRequest request;
  private final PomText pom;

  /** By {@link #key}: the version that something has when nobody asks for another. */
  private final Map<String, org.eclipse.aether.graph.Dependency> managed = new LinkedHashMap<>();

  /** As the notebook keeps them: BOMs and single versions, by {@link #key}. */
  private final Map<String, String> kept = new LinkedHashMap<>();

  Wanted(Catalogue catalogue, ResolveRequest request, PomText pom) throws IOException {
    this.catalogue = catalogue;
    this.request = request;
    this.pom = pom;
    for (org.eclipse.aether.graph.Dependency each : pom.managed) {
      manage(each);
    }
    for (Artifact bom : pom.boms) {
      read(bom);
    }
    for (String each : request.managed()) {
      Artifact artifact = new DefaultArtifact(each);
      if (artifact.getExtension().equals(ResolveRequest.BOM_TYPE)) {
        read(artifact);
      } else {
        manage(compile(artifact));
      }
    }
  }

  /** What is said first counts. */
  private void manage(org.eclipse.aether.graph.Dependency version) {
    Artifact artifact = version.getArtifact();
    if (managed.putIfAbsent(key(artifact), version) == null) {
      kept.put(key(artifact), artifact.toString());
    }
  }

  private static org.eclipse.aether.graph.Dependency compile(Artifact artifact) {
    return new org.eclipse.aether.graph.Dependency(artifact, JavaScopes.COMPILE);
  }

  private static String key(Artifact artifact) {
    return String.join(
        ":",
        artifact.getGroupId(),
        artifact.getArtifactId(),
        artifact.getExtension(),
        artifact.getClassifier());
  }

  /** Takes the managed versions of a BOM, where nothing before it says otherwise. */
  private void read(Artifact bom) throws IOException {
    if (kept.putIfAbsent(key(bom), bom.toString()) != null) {
      return;
    }
    try {
      catalogue
          .system()
          .readArtifactDescriptor(
              catalogue.session(), new ArtifactDescriptorRequest(bom, catalogue.remotes(), "bom"))
          .getManagedDependencies()
          .forEach(each -> managed.putIfAbsent(key(each.getArtifact()), each));
    } catch (ArtifactDescriptorException e) {
      throw new IOException("the BOM cannot be read: " + catalogue.nearby(bom), e);
    }
  }

  /** Versions for what has none, and for what others bring along. */
  List<org.eclipse.aether.graph.Dependency> managed() {
    return List.copyOf(managed.values());
  }

  /** The managed versions as coordinates, to be kept with the notebook. */
  List<String> keptManaged() {
    return List.copyOf(kept.values());
  }

  /** What is asked for itself, each with a version. */
  List<org.eclipse.aether.graph.Dependency> roots() throws IOException {
    List<org.eclipse.aether.graph.Dependency> roots = new ArrayList<>();
    for (String coordinates : request.wanted()) {
      Artifact artifact = versioned(artifact(coordinates));
      roots.add(compile(artifact).setExclusions(excluded(artifact)));
    }
    for (org.eclipse.aether.graph.Dependency each : pom.dependencies) {
      roots.add(each.setArtifact(versioned(each.getArtifact())));
    }
    return roots;
  }

  private List<Exclusion> excluded(Artifact from) {
    String name = name(from);
    return request.excluded().stream()
        .filter(each -> each.from().equals(name))
        .map(each -> each.excluded().split(":"))
        .map(parts -> new Exclusion(parts[0], parts.length > 1 ? parts[1] : "*", "*", "*"))
        .toList();
  }

  private static String name(Artifact artifact) {
    return Dependency.name(new Resolution.Artifact(artifact.toString(), "", "")).text();
  }

  /** What is not to come along, of the request and of its POM. */
  static List<ResolveRequest.Exclusion> exclusions(List<org.eclipse.aether.graph.Dependency> of) {
    List<ResolveRequest.Exclusion> all = new ArrayList<>();
    for (org.eclipse.aether.graph.Dependency each : of) {
      each.getExclusions()
          .forEach(e ->
              all.add(
                  new ResolveRequest.Exclusion(
                      name(each.getArtifact()), e.getGroupId() + ":" + e.getArtifactId())));
    }
    return all;
  }

  /** Reads coordinates; the version is empty where none is said. */
  private static Artifact artifact(String coordinates) throws IOException {
    String[] parts = coordinates.split(":");
    if (parts.length < 2 || parts.length > 5) {
      throw new IOException(
          "'%s' are no coordinates: they are written group:artifact:version"
              .formatted(coordinates));
    }
    return parts.length == 2
        ? new DefaultArtifact(parts[0], parts[1], JAR, "")
        : new DefaultArtifact(coordinates);
  }

  /** Without a version the managed one is meant, or else the newest release. */
  private Artifact versioned(Artifact artifact) throws IOException {
    String version = artifact.getVersion();
    if (!version.isEmpty() && !version.equals("LATEST") && !version.equals("RELEASE")) {
      return artifact;
    }
    org.eclipse.aether.graph.Dependency known = managed.get(key(artifact));
    if (version.isEmpty() && known != null) {
      return artifact.setVersion(known.getArtifact().getVersion());
    }
    List<String> versions = catalogue.versions(artifact);
    if (versions.isEmpty()) {
      throw new IOException(catalogue.nearby(artifact));
    }
    return artifact.setVersion(
        versions.reversed().stream()
            .filter(each -> each.matches("[0-9.]+([.-](Final|GA|RELEASE|jre))?"))
            .findFirst()
            .orElse(versions.getLast()));
  }
}
